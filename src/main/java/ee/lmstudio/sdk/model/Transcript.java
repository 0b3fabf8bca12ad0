package ee.lmstudio.sdk.model;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds the transcript of a recording.
 *
 * @param format format of the answer
 * @param text the whole text; for {@code srt} and {@code vtt} the subtitles as LM Studio sent them
 * @param language language of the recording, as LM Studio names it; empty unless {@code
 *     verbose_json}
 * @param duration length of the recording; empty unless {@code verbose_json}
 * @param segments parts of the recording with their times; empty unless {@code verbose_json}
 * @param words words with their times; empty unless requested
 * @param json the answer as LM Studio sent it, including unknown fields; an empty object if the
 *     answer is not JSON
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
   * Holds a part of the transcript.
   *
   * @param start start time, from the beginning of the recording
   * @param end end time, from the beginning of the recording
   * @param text the spoken text
   * @param json the segment as LM Studio sent it: {@code avg_logprob}, {@code no_speech_prob},
   *     {@code tokens}
   */
  public record Segment(Duration start, Duration end, String text, JsonObject json) {
    /** Returns the times only, because the text may be private. */
    @Override
    public String toString() {
      return "Segment[" + start + " to " + end + "]";
    }
  }

  /**
   * Holds a word of the transcript.
   *
   * @param start start time, from the beginning of the recording
   * @param end end time, from the beginning of the recording
   * @param text the word
   */
  public record Word(Duration start, Duration end, String text) {
    /** Returns the times only, because the text may be private. */
    @Override
    public String toString() {
      return "Word[" + start + " to " + end + "]";
    }
  }

  /** Returns the format and the sizes only, because the text may be private. */
  @Override
  public String toString() {
    return "Transcript[%s, %d characters, %d segments]"
        .formatted(format, text.length(), segments.size());
  }
}
