package ee.lmstudio.sdk.model;

import java.util.Locale;

/** Names the formats of a transcript ({@code response_format}). */
public enum TranscriptFormat {
  /** JSON with the text. */
  JSON,
  /** JSON with the text, the language, the duration and the segments. */
  VERBOSE_JSON,
  /** Plain text. */
  TEXT,
  /** Subtitles in the SubRip format. */
  SRT,
  /** Subtitles in the WebVTT format. */
  VTT;

  /** {@return the value in a request, such as {@code verbose_json}} */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return whether the answer is an object, not a text} */
  public boolean isJson() {
    return this == JSON || this == VERBOSE_JSON;
  }
}
