package ee.lmstudio.sdk.internal.sse;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEvent;
import java.lang.reflect.Type;

/** One event of a stream, as the HTML standard's parsing rules yield it. Immutable. */
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

  /** The event's type; {@code message} if the stream names none. Never empty. */
  @Override
  public String getName() {
    return name;
  }

  /** The id that this event itself carries; null if it carries none. */
  @Override
  public String getId() {
    return id;
  }

  /** The id that a reconnect would send: of this event or the last one before it that had one. */
  public String lastEventId() {
    return lastEventId;
  }

  /** The data lines, joined by line feeds. May be empty. */
  @Override
  public String readData() {
    return WhatwgUtf8.decode(data, 0, data.length);
  }

  /** How long the data is, in bytes of UTF-8. */
  public int dataLength() {
    return data.length;
  }

  /** Always null: comments are reported apart, by {@link EventStreamListener#onComment()}. */
  @Override
  public String getComment() {
    return null;
  }

  /** The {@code retry} of this event in milliseconds, or {@link SseEvent#RECONNECT_NOT_SET}. */
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

  /** Name and size only: the data may be somebody's text. */
  @Override
  public String toString() {
    return "ServerSentEvent[" + name + ", " + data.length + " bytes]";
  }
}
