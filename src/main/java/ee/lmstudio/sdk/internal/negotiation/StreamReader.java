package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.sse.InboundSseEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the events of one stream as chunks, heartbeats, an error or the end. This class handles the
 * protocol and the known deviations of servers, but no limits, attempts or observers. Not
 * thread-safe.
 */
final class StreamReader implements Consumer<InboundSseEvent> {
  /** Receives the content of the stream. */
  interface Sink {
    /** Called with each chunk. */
    void chunk(Chunk chunk);

    /** Called with a sign of life that is not a delta of the answer. */
    void heartbeat();

    /** Called if the stream is one whole answer. No call follows. */
    void whole(String json);

    /** Called if the rest of the stream cannot be read. */
    void broken(BrokenStreamException why);
  }

  /**
   * Length that separates {@code [DONE]}, {@code null} and {@code {}}, which are shorter, from
   * chunks, which are longer.
   */
  private static final int LONGEST_SIGN = 16;

  private final Sink sink;
  private final ErrorFrames errors;
  private final UnframedJson unframed = new UnframedJson();

  /** Whether the current JSON follows {@code error:}. */
  private boolean inErrorLine;

  private boolean withoutBlankLines;
  private boolean anything;
  private boolean modelKnown;
  private boolean fieldsKnown;
  private boolean ended;
  private boolean done;

  StreamReader(Sink sink, ErrorAnswers errors) {
    this.sink = sink;
    this.errors = new ErrorFrames(errors);
  }

  /** Returns whether the stream is complete, or its rest cannot be read. */
  boolean done() {
    return done;
  }

  /**
   * Returns whether consecutive data lines are two events although there is no blank line between
   * them: a JSON value is never followed by another one within a value.
   */
  boolean beginsNewEvent(byte last, byte first) {
    boolean begins = last == '}' && (first == '{' || first == '[');
    withoutBlankLines |= begins;
    return begins;
  }

  /** Takes an event. */
  @Override
  public void accept(InboundSseEvent event) {
    event(event.getName(), event.readData());
  }

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
      throwIfError(unframed.text());
      unframed.forget();
    }
    if (name.equals("message")) {
      message(data);
    } else if (isError(name)) {
      errorEvent(data);
    } else if (ErrorFrames.isFailure(name)) {
      throw errors.ofEvent(name, data);
    } else {
      sink.heartbeat();
    }
  }

  /** Takes a line that is not a field of an event stream. */
  void otherLine(String line) {
    if (done) {
      return;
    }
    String text = line.strip();
    if (unframed.begun() || startsJson(text)) {
      unframed.line(line).ifPresent(this::unframed);
    } else if (text.regionMatches(true, 0, "error:", 0, "error:".length())) {
      errorLine(text.substring("error:".length()).strip());
    } else if (line.startsWith("\"")) {
      // The standard ignores such a line. But here it is the rest of a chunk that lost its brace to
      // a line end; what remains before it is data without a word, which says nothing by itself.
      broken(new BrokenStreamException("A line of the stream is not a field", null));
    } else if (!anything && isHtml(text)) {
      throw Failures.notLmStudio(
          "The server answered with an HTML page that is labelled as an event stream", null);
    }
  }

  static boolean startsJson(String text) {
    return text.startsWith("{") || text.startsWith("[");
  }

  private void errorLine(String error) {
    if (ended || !startsJson(error)) {
      throw errors.of(error);
    }
    inErrorLine = true;
    unframed.line(error).ifPresent(this::unframed);
  }

  private static boolean isHtml(String text) {
    return text.regionMatches(true, 0, "<html", 0, 5)
        || text.regionMatches(true, 0, "<!doctype", 0, 9);
  }

  /** Notes the end of the stream. Only an unfinished line or event can follow. */
  void ending() {
    ended = true;
  }

  /** Ends the reading. An error that was cut is still an error. */
  void end() {
    if (!done && unframed.begun()) {
      throwIfError(unframed.text());
    }
  }

  private void message(String data) {
    if (data.length() <= LONGEST_SIGN && isSign(data.strip())) {
      return;
    }
    try {
      take(ChunkReader.read(data, !modelKnown, !fieldsKnown));
    } catch (BrokenStreamException otherShape) {
      other(data, otherShape);
    }
  }

  /** Takes data that is shorter than any chunk. */
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
    boolean usage = rare != null && rare.usage != null;
    if (!chunk.hasChoices() && !usage) {
      takeWithoutChoices(chunk);
    } else if (chunk.failed()) {
      throw errors.of(chunk);
    } else {
      pass(chunk);
    }
  }

  private void pass(Chunk chunk) {
    modelKnown |= chunk.model() != null;
    fieldsKnown |= chunk.rare() != null && chunk.rare().hasOthers();
    sink.chunk(chunk);
  }

  /** Distinguishes an error, a chunk without a delta, and a heartbeat. */
  private void takeWithoutChoices(Chunk chunk) {
    JsonObject object = chunk.object();
    boolean choices = object.containsKey("choices");
    JsonValue error = object.getOrDefault("error", JsonValue.NULL);
    // An empty error that stands alone is meant as an error; beside other fields it says nothing.
    boolean noError =
        error == JsonValue.FALSE || (ErrorFrames.isEmpty(error) && (choices || object.size() > 1));
    if ((ErrorFrames.states(object) && !noError) || (!choices && ErrorFrames.statesFlat(object))) {
      throw errors.of(object);
    }
    if (choices || object.containsKey("object") || object.containsKey("stats")) {
      pass(chunk);
    } else {
      sink.heartbeat();
    }
  }

  /** Takes data that is not a chunk. */
  private void other(String data, BrokenStreamException why) {
    Optional<JsonValue> value = JsonText.read(data);
    if (value.isPresent()) {
      notAChunk(value.get(), why);
      return;
    }
    if (ErrorFrames.isErrorInWords(data)) {
      throw errors.of(data);
    }
    throwIfError(data); // Another chunk may follow the error without a line end.
    List<String> lines = data.lines().filter(line -> !line.isBlank()).toList();
    if (lines.size() > 1 && lines.stream().allMatch(StreamReader::isData)) {
      // A server that separates its events by one line end.
      lines.forEach(this::lineOfData);
    } else {
      broken(why);
    }
  }

  private static boolean isError(String name) {
    return name.equalsIgnoreCase("error");
  }

  private static boolean isData(String line) {
    return line.strip().equals("[DONE]") || JsonText.read(line).isPresent();
  }

  private void lineOfData(String line) {
    if (!done) {
      message(line);
    }
  }

  private void notAChunk(JsonValue value, BrokenStreamException why) {
    if (ErrorFrames.states(value)) {
      throw errors.of(value);
    }
    if (value instanceof JsonObject || (value instanceof JsonArray list && !list.isEmpty())) {
      broken(why);
    } else {
      sink.heartbeat();
    }
  }

  /**
   * Takes an error event. A server that separates its events by one line end puts its last chunks
   * before the error.
   */
  private void errorEvent(String data) {
    if (JsonText.read(data).isEmpty() && data.indexOf('\n') > 0) {
      List<String> lines = data.lines().toList();
      lines.stream().filter(line -> line.contains("\"choices\"")).forEach(this::lineOfData);
      throw errors.of(lines.get(lines.size() - 1));
    }
    throw errors.of(data);
  }

  /** Takes JSON that arrived without {@code data:}. */
  private void unframed(String json) {
    if (inErrorLine) {
      throw errors.of(json);
    }
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
    } catch (BrokenStreamException otherShape) {
      notAChunk(value.get(), otherShape);
    }
  }

  /**
   * Takes an event without a blank line, which may be cut: only an error and the end are accepted.
   * But if the server leaves out all blank lines, complete JSON is accepted, too.
   */
  private void unfinished(String name, String data) {
    if (isError(name)) {
      errorEvent(data);
    }
    Optional<JsonValue> whole = JsonText.read(data);
    if (data.strip().equals("[DONE]")) {
      done = true;
    } else if (whole.isEmpty()) {
      throwIfError(data);
    } else if (withoutBlankLines && name.equals("message")) {
      message(data);
    } else if (ErrorFrames.states(whole.get())) {
      throw errors.of(whole.get());
    }
  }

  private void throwIfError(String cut) {
    if (inErrorLine || ErrorFrames.beginsAsError(cut)) {
      throw errors.ofCut(cut);
    }
  }

  private void broken(BrokenStreamException why) {
    done = true;
    sink.broken(why);
  }
}
