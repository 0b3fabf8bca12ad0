package ee.lmstudio.sdk.internal.sse;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEvent;
import java.lang.reflect.Type;

/** Holds one event of a stream, as defined by the parsing rules of the HTML standard. Immutable. */
public final class ServerSentEvent implements InboundSseEvent {
  private final String name;
  private final byte[] data;
  private final String id;
  private final String lastEventId;
  private final long retryMillis;

  ServerSentEvent(String name, byte[] data, String id, String lastEventId, long retryMillis) {
    this.name = name;
    this.data = data;
    this.id = id;
    this.lastEventId = lastEventId;
    this.retryMillis = retryMillis;
  }

  /** Returns the event's type; {@code message} if the stream names none. Never empty. */
  @Override
  public String getName() {
    return name;
  }

  /** Returns the id in this event itself; null if there is none. */
  @Override
  public String getId() {
    return id;
  }

  /**
   * Returns the id that a reconnect would send: that of this event, or of the last earlier event
   * with an id.
   */
  String lastEventId() {
    return lastEventId;
  }

  /** Returns the data lines, joined by line feeds. May be empty. */
  @Override
  public String readData() {
    return WhatwgUtf8.decode(data, 0, data.length);
  }

  /**
   * Returns null, because comments are reported separately by {@link
   * EventStreamListener#onComment()}.
   */
  @Override
  public String getComment() {
    return null;
  }

  /**
   * Returns the {@code retry} of this event in milliseconds, or {@link SseEvent#RECONNECT_NOT_SET}.
   */
  @Override
  public long getReconnectDelay() {
    return retryMillis;
  }

  @Override
  public boolean isReconnectDelaySet() {
    return retryMillis != SseEvent.RECONNECT_NOT_SET;
  }

  @Override
  public boolean isEmpty() {
    return data.length == 0;
  }

  @Override
  public <T> T readData(Class<T> type) {
    return readData(type, type, MediaType.TEXT_PLAIN_TYPE);
  }

  @Override
  public <T> T readData(GenericType<T> type) {
    return readData(type.getRawType(), type.getType(), MediaType.TEXT_PLAIN_TYPE);
  }

  @Override
  public <T> T readData(Class<T> messageType, MediaType mediaType) {
    return readData(messageType, messageType, mediaType);
  }

  @Override
  public <T> T readData(GenericType<T> type, MediaType mediaType) {
    return readData(type.getRawType(), type.getType(), mediaType);
  }

  private <T> T readData(Class<?> rawType, Type type, MediaType mediaType) {
    @SuppressWarnings("unchecked")
    Class<T> wanted = (Class<T>) rawType;
    if (wanted.isAssignableFrom(String.class)) {
      return wanted.cast(readData());
    }
    if (wanted == byte[].class) {
      return wanted.cast(data.clone());
    }
    throw new ProcessingException(
        "An event's data can be read as String or byte[], not as %s (%s)"
            .formatted(type, mediaType));
  }

  /** Returns the name and the size only, because the data may be private. */
  @Override
  public String toString() {
    return "ServerSentEvent[" + name + ", " + data.length + " bytes]";
  }
}
