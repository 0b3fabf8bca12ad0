package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptFormat;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a transcript in the requested format. */
final class TranscriptReader {
  private static final double LONGEST_SECONDS = 1e7;

  private TranscriptReader() {}

  /** Returns the transcript; empty if the answer is an error or anything else. */
  static Optional<Transcript> read(TranscriptFormat format, HttpAnswer answer) {
    Optional<JsonObject> json = JsonText.readObject(answer.text());
    if (format.isJson()) {
      return json.flatMap(object -> read(format, object));
    }
    return json.isPresent() || answer.compressed() || answer.saysHtml()
        ? Optional.empty()
        : Optional.of(bare(format, answer.text()));
  }

  private static Transcript bare(TranscriptFormat format, String text) {
    return new Transcript(
        format,
        text,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        JsonValue.EMPTY_JSON_OBJECT);
  }

  private static Optional<Transcript> read(TranscriptFormat format, JsonObject json) {
    return JsonText.string(json, "text")
        .map(
            text ->
                new Transcript(
                    format,
                    text,
                    JsonText.string(json, "language"),
                    json.get("duration") instanceof JsonNumber
                        ? Optional.of(time(json, "duration"))
                        : Optional.empty(),
                    list(json, "segments", TranscriptReader::segment),
                    list(json, "words", TranscriptReader::word),
                    json));
  }

  private static <T> List<T> list(JsonObject json, String name, Function<JsonObject, T> reader) {
    List<T> list = new ArrayList<>();
    if (json.get(name) instanceof JsonArray entries) {
      for (JsonValue entry : entries) {
        if (!(entry instanceof JsonObject object)) {
          throw wrong("%s[%d] is not an object".formatted(name, list.size()));
        }
        list.add(reader.apply(object));
      }
    }
    return list;
  }

  private static Transcript.Segment segment(JsonObject json) {
    return new Transcript.Segment(time(json, "start"), time(json, "end"), text(json, "text"), json);
  }

  private static Transcript.Word word(JsonObject json) {
    return new Transcript.Word(time(json, "start"), time(json, "end"), text(json, "word"));
  }

  private static String text(JsonObject json, String name) {
    return JsonText.string(json, name).orElseThrow(() -> wrong(name + " is not a text"));
  }

  /** Reads a time in seconds with a fraction, as in OpenAI's format. */
  private static Duration time(JsonObject json, String name) {
    double seconds = json.get(name) instanceof JsonNumber number ? number.doubleValue() : -1;
    if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
      throw wrong(name + " is not a time in seconds");
    }
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  private static ProtocolException wrong(String what) {
    return new ProtocolException(
        "LM Studio's transcript is invalid: " + what,
        "Request another format, such as json or text.",
        null);
  }
}
