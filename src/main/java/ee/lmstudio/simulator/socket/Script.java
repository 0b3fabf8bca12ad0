package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.Frame;
import ee.lmstudio.simulator.SimulatorReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes how one request is answered, step by step:
 *
 * <pre>{@code
 * Script.respondWithEvents(recorded).thenStayOpen();
 * Script.respondWithEvents(recorded).cutAt(100);
 * Script.respondWithJson(429, "{\"error\":\"busy\"}").header("Retry-After", "1");
 * Script.respondWith(200, "text/event-stream").body(firstHalf).thenStall().body(secondHalf);
 * Script.answerAsUsual().resetAt(500);
 * NamedFault.parse("corrupt@500").in(Script.answerAsUsual());
 * }</pre>
 *
 * <p>Positions count bytes of the body, before chunked coding, unless the answer is raw. One script
 * answers one request. Not for use by several threads at once.
 */
public final class Script {

  /** How the end of the body is marked. */
  enum Framing {
    CHUNKED,
    LENGTH,
    /** The body ends when the connection ends. */
    UNTIL_CLOSE,
    /** The script contains every byte, including status line and headers. */
    RAW;

    /** Returns whether another answer can follow on the same connection. */
    boolean isDelimited() {
      return this == CHUNKED || this == LENGTH;
    }
  }

  private static final int AS_USUAL = 0;

  private final int status;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<Frame> frames = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private Framing framing;
  private Duration at = Duration.ZERO;
  private long length;

  private Script(int status, Framing framing) {
    this.status = status;
    this.framing = framing;
  }

  /** Returns the simulator's own answer, to which you can add faults. */
  public static Script answerAsUsual() {
    return new Script(AS_USUAL, Framing.CHUNKED);
  }

  /**
   * Returns an answer without a body. It is chunked if {@code contentType} is an event stream, and
   * has a length.
   */
  public static Script respondWith(int status, String contentType) {
    boolean events = contentType.startsWith("text/event-stream");
    Script script = new Script(status, events ? Framing.CHUNKED : Framing.LENGTH);
    script.headers.put("X-Powered-By", "Express");
    script.headers.put("Content-Type", contentType);
    return script;
  }

  /** Returns a 200 answer with an event stream, with one write for each event. */
  public static Script respondWithEvents(String stream) {
    Script script = respondWith(200, "text/event-stream");
    for (String event : stream.split("(?<=\n\n)")) {
      script.body(event);
    }
    return script;
  }

  /** Returns an answer with a JSON body. */
  public static Script respondWithJson(int status, String json) {
    return respondWith(status, "application/json; charset=utf-8").body(json);
  }

  /**
   * Returns an answer of exactly these bytes, from the status line on. Then the connection ends.
   * The headers that {@link #respondWith} adds are not added.
   */
  public static Script respondWithRaw(byte[] bytes) {
    return new Script(200, Framing.RAW).body(bytes);
  }

  /** Sets a header and replaces an existing one. */
  public Script header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Appends to the body, in one write. */
  public Script body(byte[] bytes) {
    if (status == AS_USUAL) {
      throw new IllegalStateException(
          "answerAsUsual() has its own body. Use respondWith(…) to set a body");
    }
    if (bytes.length > 0) {
      frames.add(new Frame(at, bytes.clone()));
      length += bytes.length;
    }
    return this;
  }

  /** Appends a text in UTF-8 to the body, in one write. */
  public Script body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends to the body, in writes of at most {@code size} bytes. */
  public Script bodyInPieces(byte[] bytes, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size is " + size + ". Allowed: 1 or more");
    }
    for (int from = 0; from < bytes.length; from += size) {
      body(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
    }
    return this;
  }

  /** Waits for this time before the next step. */
  public Script thenPause(Duration pause) {
    at = at.plus(pause);
    return this;
  }

  /** Waits for {@link SocketSimulator#release()} before the next step. */
  public Script thenStall() {
    at = Duration.ZERO;
    return fault(here(), Fault.Kind.STALL);
  }

  /** Sends nothing more, and leaves the connection open until the client closes it. */
  public Script thenStayOpen() {
    return fault(here(), Fault.Kind.STAY_OPEN);
  }

  /** Ends the connection with a FIN, without the regular end of the body. */
  public Script thenClose() {
    return fault(here(), Fault.Kind.CLOSE);
  }

  /** Ends the connection with an RST. */
  public Script thenReset() {
    return fault(here(), Fault.Kind.RESET);
  }

  /** Sends {@code bytes} bytes of the body, then waits for {@link SocketSimulator#release()}. */
  public Script stallAt(long bytes) {
    return fault(bytes, Fault.Kind.STALL);
  }

  /** Sends {@code bytes} bytes of the body, then nothing more; the connection stays open. */
  public Script goSilentAt(long bytes) {
    return fault(bytes, Fault.Kind.STAY_OPEN);
  }

  /** Sends {@code bytes} bytes of the body, then ends the connection with a FIN. */
  public Script cutAt(long bytes) {
    return fault(bytes, Fault.Kind.CLOSE);
  }

  /** Sends {@code bytes} bytes of the body, then ends the connection with an RST. */
  public Script resetAt(long bytes) {
    return fault(bytes, Fault.Kind.RESET);
  }

  /** Sends a wrong byte after {@code bytes} bytes of the body; the rest is right. */
  public Script corruptAt(long bytes) {
    return fault(bytes, Fault.Kind.CORRUPT);
  }

  /** Sends {@code bytes} bytes of the body as usual, then each further byte in its own write. */
  public Script dripFrom(long bytes) {
    return fault(bytes, Fault.Kind.DRIP);
  }

  /**
   * Begins another write, and with chunked coding another chunk, after each of these numbers of
   * bytes of the body. Recordings have one event in each write, but networks cut anywhere: within a
   * line, a JSON string or a character.
   */
  public Script splitAt(long... bytes) {
    for (long atByte : bytes) {
      fault(atByte, Fault.Kind.SPLIT);
    }
    return this;
  }

  /** Marks the end of the body by the end of the connection, as some servers do. */
  public Script delimitedByClose() {
    framing = Framing.UNTIL_CLOSE;
    return this;
  }

  /** Sends the length of the body instead of chunked coding. */
  public Script delimitedByLength() {
    framing = Framing.LENGTH;
    return this;
  }

  private long here() {
    return status == AS_USUAL ? Fault.AT_THE_END : length;
  }

  private Script fault(long atByte, Fault.Kind kind) {
    faults.add(new Fault(atByte, kind));
    return this;
  }

  boolean answersAsUsual() {
    return status == AS_USUAL;
  }

  Framing framing() {
    return framing;
  }

  List<Fault> faults() {
    return List.copyOf(faults);
  }

  SimulatorReply reply() {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (framing == Framing.LENGTH) {
      all.putIfAbsent("Content-Length", Long.toString(length));
    }
    boolean streamed = headers.getOrDefault("Content-Type", "").startsWith("text/event-stream");
    return new SimulatorReply(status, all, Duration.ZERO, streamed, List.copyOf(frames));
  }
}
