package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;

/**
 * Names a format of a transcript ({@code response_format}). Other values than the constants are
 * sent unchanged.
 *
 * @param wireName the value in a request, such as {@code verbose_json}; not blank
 */
public record TranscriptFormat(String wireName) {
  /** JSON with the text. */
  public static final TranscriptFormat JSON = new TranscriptFormat("json");

  /** JSON with the text, the language, the duration and the segments. */
  public static final TranscriptFormat VERBOSE_JSON = new TranscriptFormat("verbose_json");

  /** Plain text. */
  public static final TranscriptFormat TEXT = new TranscriptFormat("text");

  /** Subtitles in the SubRip format. */
  public static final TranscriptFormat SRT = new TranscriptFormat("srt");

  /** Subtitles in the WebVTT format. */
  public static final TranscriptFormat VTT = new TranscriptFormat("vtt");

  /**
   * Checks the name.
   *
   * @throws ValidationException if the name is blank
   */
  public TranscriptFormat {
    if (wireName.isBlank()) {
      throw ValidationException.of("response_format", "is blank, a name is needed");
    }
  }

  /** {@return whether the answer is an object, not a text: the name ends with {@code json}} */
  public boolean isJson() {
    return wireName.endsWith("json");
  }
}
