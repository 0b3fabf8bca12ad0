package ee.lmstudio.stream;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns an entry into bytes and back, for a log that is not in this server's memory.
 *
 * <p>The first byte is the version of the format, so that servers of two versions can share a log:
 * a reader refuses a version that it does not know. A text is Latin-1 if all its characters are,
 * otherwise UTF-16 code units: half a surrogate pair may stand in an entry, and UTF-8 cannot hold
 * one.
 */
public final class EntryCodec {
  /** The version that {@link #encode} writes. */
  static final int VERSION = 2;

  private static final JsonReaderFactory JSON =
      JsonProvider.provider().createReaderFactory(Map.of());

  private EntryCodec() {}

  /** Writes one value. */
  private interface Writing<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  /** Reads one value. */
  private interface Reading<T> {
    T read(DataInputStream in) throws IOException;
  }

  /** Returns the entry as bytes. */
  public static byte[] encode(Entry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(entry.cursor());
      out.writeLong(entry.textSoFar());
      optional(out, Optional.ofNullable(entry.modelId()), EntryCodec::text);
      event(out, entry.event());
      chunks(out, entry.chunks());
    } catch (IOException impossible) {
      throw new UncheckedIOException("Writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns the entry that {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the bytes are not a whole entry of a known version
   */
  public static Entry decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "Unknown entry format version %d (this server reads version %d)"
                .formatted(version, VERSION));
      }
      long cursor = in.readLong();
      long textSoFar = in.readLong();
      String modelId = optional(in, EntryCodec::text).orElse(null);
      Entry entry = new Entry(cursor, modelId, event(in), chunks(in), textSoFar);
      if (in.read() >= 0) {
        throw new IllegalArgumentException("Bytes follow the end of the entry");
      }
      return entry;
    } catch (IOException | RuntimeException broken) {
      if (broken instanceof IllegalArgumentException known) {
        throw known;
      }
      throw new IllegalArgumentException("These bytes are not a whole entry", broken);
    }
  }

  private static void event(DataOutputStream out, StreamEvent event) throws IOException {
    text(out, event.name());
    switch (event) {
      case StreamEvent.Started(Instant created, Optional<String> modelRequested) -> {
        out.writeLong(created.getEpochSecond());
        out.writeInt(created.getNano());
        optional(out, modelRequested, EntryCodec::text);
      }
      case StreamEvent.Progress(Phase phase, int position, double part) -> {
        text(out, phase.name());
        out.writeInt(position);
        out.writeDouble(part);
      }
      case StreamEvent.Piece(Delta delta) -> {
        text(out, delta.content());
        text(out, delta.reasoning());
        text(out, delta.toolCalls().isEmpty() ? "" : delta.toolCalls().toString());
      }
      case StreamEvent.Relayed(String type, String data) -> {
        text(out, type);
        text(out, data);
      }
      case StreamEvent.Reset(String reason) -> text(out, reason);
      case StreamEvent.Downgraded(Downgrade(String reason, int attempts)) -> {
        text(out, reason);
        out.writeInt(attempts);
      }
      case StreamEvent.Completed completed -> {
        text(out, completed.finishReason());
        text(out, completed.usage().toString());
        text(out, completed.stats().toString());
        list(out, completed.warnings(), EntryCodec::text);
        out.writeInt(completed.attempts());
        out.writeBoolean(completed.downgraded());
      }
      case StreamEvent.Failed(Failure failure) -> {
        text(out, failure.code());
        text(out, failure.message());
        text(out, failure.hint());
        list(out, failure.faults(), EntryCodec::fault);
        optional(out, failure.retryAfter(), (o, wait) -> o.writeLong(wait.toMillis()));
        optional(out, failure.answer(), EntryCodec::answer);
      }
      case StreamEvent.Cancelled(CancelledBy by) -> text(out, by.name());
    }
  }

  private static StreamEvent event(DataInputStream in) throws IOException {
    String name = text(in);
    return switch (name) {
      case "started" ->
          new StreamEvent.Started(
              Instant.ofEpochSecond(in.readLong(), in.readInt()), optional(in, EntryCodec::text));
      case "progress" ->
          new StreamEvent.Progress(Phase.valueOf(text(in)), in.readInt(), in.readDouble());
      case "delta" -> new StreamEvent.Piece(new Delta(text(in), text(in), array(text(in))));
      case "relayed" -> new StreamEvent.Relayed(text(in), text(in));
      case "reset" -> new StreamEvent.Reset(text(in));
      case "downgraded" -> new StreamEvent.Downgraded(new Downgrade(text(in), in.readInt()));
      case "completed" ->
          new StreamEvent.Completed(
              text(in),
              object(text(in)),
              object(text(in)),
              list(in, EntryCodec::text),
              in.readInt(),
              in.readBoolean());
      case "failed" ->
          new StreamEvent.Failed(
              new Failure(
                  text(in),
                  text(in),
                  text(in),
                  list(in, EntryCodec::fault),
                  optional(in, i -> Duration.ofMillis(i.readLong())),
                  optional(in, i -> new Failure.Answer(i.readInt(), text(i)))));
      case "cancelled" -> new StreamEvent.Cancelled(CancelledBy.valueOf(text(in)));
      default -> throw new IllegalArgumentException("Unknown event name: " + name);
    };
  }

  private static void chunks(DataOutputStream out, Chunks chunks) throws IOException {
    list(out, chunks.whole(), EntryCodec::text);
    optional(
        out,
        Optional.ofNullable(chunks.form()),
        (o, form) -> {
          text(o, form.before());
          text(o, form.after());
        });
  }

  private static Chunks chunks(DataInputStream in) throws IOException {
    List<String> whole = list(in, EntryCodec::text);
    Chunks.Form form = optional(in, i -> new Chunks.Form(text(i), text(i))).orElse(null);
    return new Chunks(whole, form);
  }

  private static void answer(DataOutputStream out, Failure.Answer answer) throws IOException {
    out.writeInt(answer.status());
    text(out, answer.json());
  }

  private static void fault(DataOutputStream out, Failure.Fault fault) throws IOException {
    text(out, fault.field());
    text(out, fault.reason());
  }

  private static Failure.Fault fault(DataInputStream in) throws IOException {
    return new Failure.Fault(text(in), text(in));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    boolean latin1 = isLatin1(text);
    out.writeInt(latin1 ? text.length() : -text.length());
    if (latin1) {
      out.writeBytes(text);
    } else {
      out.writeChars(text);
    }
  }

  static boolean isLatin1(String text) {
    return text.chars().allMatch(c -> c < 0x100);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    StringBuilder text = new StringBuilder();
    for (int left = Math.abs(length); left > 0; left--) {
      text.append(length > 0 ? (char) in.readUnsignedByte() : in.readChar());
    }
    return text.toString();
  }

  private static <T> void optional(DataOutputStream out, Optional<T> value, Writing<T> writing)
      throws IOException {
    out.writeBoolean(value.isPresent());
    if (value.isPresent()) {
      writing.write(out, value.get());
    }
  }

  private static <T> Optional<T> optional(DataInputStream in, Reading<T> reading)
      throws IOException {
    return in.readBoolean() ? Optional.of(reading.read(in)) : Optional.empty();
  }

  private static <T> void list(DataOutputStream out, List<T> values, Writing<T> writing)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writing.write(out, value);
    }
  }

  private static <T> List<T> list(DataInputStream in, Reading<T> reading) throws IOException {
    int size = in.readInt();
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(reading.read(in));
    }
    return values;
  }

  private static JsonObject object(String json) {
    try (JsonReader reader = JSON.createReader(new StringReader(json))) {
      return reader.readObject();
    }
  }

  private static JsonArray array(String json) {
    if (json.isEmpty()) {
      return JsonValue.EMPTY_JSON_ARRAY;
    }
    try (JsonReader reader = JSON.createReader(new StringReader(json))) {
      return reader.readArray();
    }
  }
}
