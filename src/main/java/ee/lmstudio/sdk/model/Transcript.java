package ee.lmstudio.sdk.model;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A recording in words.
 *
 * @param format in which it came
 * @param text all of it; for {@code srt} and {@code vtt} the subtitles as LM Studio wrote them
 * @param language of the recording, as LM Studio names it; empty unless {@code verbose_json}
 * @param duration of the recording; empty unless {@code verbose_json}
 * @param segments its parts with their times; empty unless {@code verbose_json}
 * @param words with their times; empty unless they were asked for
 * @param json the answer as it came, other fields included; the empty object if it was no JSON
 */
public record Transcript(
    TranscriptFormat format,
    String text,
    Optional<String> language,
    Optional<Duration> duration,
    List<Segment> segments,
    List<Word> words,
    JsonObject json) {
  /** Checks that nothing is null, and copies the collections. */
  public Transcript {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(duration, "duration");
    segments = List.copyOf(segments);
    words = List.copyOf(words);
    Objects.requireNonNull(json, "json");
  }

  /**
   * A part of the recording.
   *
   * @param start since the recording's beginning
   * @param end since the recording's beginning
   * @param text what was said
   * @param json the segment as it came: {@code avg_logprob}, {@code no_speech_prob}, {@code tokens}
   */
  public record Segment(Duration start, Duration end, String text, JsonObject json) {
    /** The times only: the text is somebody's. */
    @Override
    public String toString() {
      return "Segment[" + start + " to " + end + "]";
    }
  }

  /**
   * A word.
   *
   * @param start since the recording's beginning
   * @param end since the recording's beginning
   * @param text the word
   */
  public record Word(Duration start, Duration end, String text) {
    /** The times only: the text is somebody's. */
    @Override
    public String toString() {
      return "Word[" + start + " to " + end + "]";
    }
  }

  /** Format and sizes only: the text is somebody's. */
  @Override
  public String toString() {
    return "Transcript[%s, %d characters, %d segments]"
        .formatted(format, text.length(), segments.size());
  }
}
