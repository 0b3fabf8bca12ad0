package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.json.JsonExtent;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * Reads the events of one stream as chunks, heartbeats, an error or the end. Knows the protocol and
 * the ways in which servers get it wrong; knows nothing of limits, attempts and observers. One
 * thread.
 */
final class StreamReader {
  /** Hears what the stream says. */
  interface Sink {
    /** Called with each chunk. */
    void chunk(Chunk chunk);

    /** The sender is alive, but says nothing of the answer. */
    void heartbeat();

    /** The stream is one whole answer. Nothing follows it. */
    void whole(String json);

    /** The stream cannot be read any further. */
    void broken(BrokenStreamException why);
  }

  /** {@code [DONE]}, {@code null} and {@code {}} are shorter, and every chunk is longer. */
  private static final int LONGEST_SIGN = 16;

  private final Sink sink;
  private final ErrorAnswers errors;
  private final UnframedJson unframed = new UnframedJson();
  private boolean anything;
  private boolean modelKnown;
  private boolean fieldsKnown;
  private boolean ended;
  private boolean done;

  StreamReader(Sink sink, ErrorAnswers errors) {
    this.sink = sink;
    this.errors = errors;
  }

  /** Whether the stream has said everything, or cannot be read any further. */
  boolean done() {
    return done;
  }

  /** Takes an event. */
  void event(String name, String data) {
    anything = true;
    if (done) {
      return;
    }
    if (ended) {
      unfinished(name, data);
      return;
    }
    if (unframed.begun()) {
      // JSON over several lines has no event within it: these lines were something else.
      throwIfCutError(unframed.text());
      unframed.forget();
    }
    switch (name) {
      case "message" -> message(data);
      case "error" -> errorEvent(data);
      default -> sink.heartbeat();
    }
  }

  /** Takes a line that is not a field of an event stream. */
  void otherLine(String line) {
    if (done) {
      return;
    }
    String text = line.strip();
    if (unframed.begun() || text.startsWith("{") || text.startsWith("[")) {
      unframed.line(line).ifPresent(this::unframed);
    } else if (text.regionMatches(true, 0, "error:", 0, "error:".length())) {
      throw errors.ofFrame(frame(text.substring("error:".length()).strip()));
    } else if (line.startsWith("\"")) {
      // The standard ignores such a line. But here it is the rest of a chunk that lost its brace to
      // a line end; what remains before it is data without a word, which says nothing by itself.
      broken(new BrokenStreamException("A line of the stream is not a field", null));
    } else if (!anything && isHtml(text)) {
      throw new ProtocolException(
          "The server answered with an HTML page that is labelled as an event stream",
          "Is there a proxy, or another program on this port? Check the base URL.",
          null);
    }
  }

  private static boolean isHtml(String text) {
    return text.regionMatches(true, 0, "<html", 0, 5)
        || text.regionMatches(true, 0, "<!doctype", 0, 9);
  }

  /** The stream ended. What comes now is a line or an event that has no end. */
  void ending() {
    ended = true;
  }

  /** Nothing more comes. An error that was cut is still an error. */
  void end() {
    if (!done && unframed.begun()) {
      throwIfCutError(unframed.text());
    }
  }

  private void message(String data) {
    if (data.length() <= LONGEST_SIGN && isSign(data.strip())) {
      return;
    }
    try {
      take(ChunkReader.read(data, !modelKnown, !fieldsKnown));
    } catch (BrokenStreamException notAChunk) {
      other(data, notAChunk);
    }
  }

  /** Takes what is shorter than any chunk. */
  private boolean isSign(String text) {
    switch (text) {
      case "[DONE]" -> done = true;
      case "", "null", "{}" -> sink.heartbeat();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void take(Chunk chunk) {
    RareFields rare = chunk.rare();
    if (rare != null && rare.error != null && !(chunk.hasChoices() && isEmpty(rare.error))) {
      throw errors.ofFrame(rare.error);
    }
    if (!chunk.hasChoices() && (rare == null || rare.usage == null) && !isChunk(chunk.json())) {
      sink.heartbeat();
      return;
    }
    modelKnown |= chunk.model() != null;
    fieldsKnown |= rare != null && rare.hasOthers();
    sink.chunk(chunk);
  }

  /** Some servers send an empty error with every chunk. */
  private static boolean isEmpty(JsonValue error) {
    return error == JsonValue.FALSE
        || error.equals(JsonValue.EMPTY_JSON_OBJECT)
        || error.equals(JsonValue.EMPTY_JSON_ARRAY)
        || error.toString().equals("\"\"");
  }

  /**
   * Tells a chunk without choices from a heartbeat.
   *
   * @throws LmStudioException if it is an error without a field {@code error} around it, as some
   *     servers state one
   */
  private boolean isChunk(String json) {
    JsonObject object = JsonText.readObject(json).orElse(JsonValue.EMPTY_JSON_OBJECT);
    Optional<String> kind = JsonText.string(object, "object");
    boolean choices = object.containsKey("choices");
    boolean says =
        JsonText.string(object, "message").isPresent() || !JsonText.isAbsent(object, "detail");
    if (kind.equals(Optional.of("error")) || (says && !choices && kind.isEmpty())) {
      throw errors.ofFrame(object);
    }
    return choices || kind.isPresent() || object.containsKey("stats");
  }

  /** Takes data that is not a chunk. */
  private void other(String data, BrokenStreamException why) {
    List<String> lines = data.lines().filter(line -> !line.isBlank()).toList();
    Optional<JsonValue> value = JsonText.read(data);
    if (value.isPresent()) {
      notAnObject(value.get(), why);
    } else if (lines.size() > 1 && lines.stream().allMatch(StreamReader::isData)) {
      // A server that separates its events by one line end.
      lines.forEach(this::lineOfData);
    } else {
      broken(why);
    }
  }

  private static boolean isData(String line) {
    return line.strip().equals("[DONE]") || JsonText.read(line).isPresent();
  }

  private void lineOfData(String line) {
    if (!done) {
      message(line);
    }
  }

  private void notAnObject(JsonValue value, BrokenStreamException why) {
    if (value instanceof JsonArray list) {
      list.stream().filter(StreamReader::statesError).findFirst().ifPresent(this::fail);
    }
    if (value instanceof JsonObject || (value instanceof JsonArray list && !list.isEmpty())) {
      broken(why);
    } else {
      sink.heartbeat();
    }
  }

  private static boolean statesError(JsonValue value) {
    return value instanceof JsonObject object && !JsonText.isAbsent(object, "error");
  }

  private void fail(JsonValue error) {
    throw errors.ofFrame(error);
  }

  /** A server that separates its events by one line end puts its last chunks before the error. */
  private void errorEvent(String data) {
    if (JsonText.read(data).isEmpty() && data.indexOf('\n') > 0) {
      List<String> lines = data.lines().toList();
      lines.stream().filter(line -> line.contains("\"choices\"")).forEach(this::lineOfData);
      throw errors.ofFrame(frame(lines.get(lines.size() - 1)));
    }
    throw errors.ofFrame(frame(data));
  }

  /** An error frame that is not JSON is a text. A piece of an answer is never quoted as one. */
  private static JsonValue frame(String data) {
    JsonValue frame = JsonText.read(data).orElseGet(() -> JSON.createValue(data));
    return frame instanceof JsonObject object
            && object.containsKey("choices")
            && !statesError(frame)
        ? JsonValue.EMPTY_JSON_OBJECT
        : frame;
  }

  /** Takes JSON that came without {@code data:}. */
  private void unframed(String json) {
    if (isSign(json.strip())) {
      return;
    }
    Optional<JsonValue> value = JsonText.read(json);
    if (value.isEmpty()) {
      sink.heartbeat(); // The standard ignores such lines.
      return;
    }
    try {
      Chunk chunk = ChunkReader.read(json, !modelKnown, !fieldsKnown);
      if (chunk.isWhole() && (chunk.rare() == null || chunk.rare().error == null)) {
        sink.whole(json);
        done = true;
      } else {
        take(chunk);
      }
    } catch (BrokenStreamException notAChunk) {
      notAnObject(value.get(), notAChunk);
    }
  }

  /** Of an event that may be cut, only an error and the end are believed. */
  private void unfinished(String name, String data) {
    if (name.equals("error")) {
      errorEvent(data);
    }
    done = data.strip().equals("[DONE]");
    Optional<JsonObject> object = JsonText.readObject(data);
    object.filter(StreamReader::statesError).ifPresent(this::fail);
    if (object.isEmpty()) {
      throwIfCutError(data);
    }
  }

  private void throwIfCutError(String text) {
    if (!text.stripLeading().replaceFirst("^[{\\[]\\s*\\{?\\s*", "").startsWith("\"error\"")) {
      return;
    }
    JsonValue whole =
        JsonExtent.closed(text).flatMap(JsonText::read).orElse(JsonValue.EMPTY_JSON_OBJECT);
    throw errors.ofFrame(whole instanceof JsonArray list ? list.get(0) : whole);
  }

  private void broken(BrokenStreamException why) {
    done = true;
    sink.broken(why);
  }
}
