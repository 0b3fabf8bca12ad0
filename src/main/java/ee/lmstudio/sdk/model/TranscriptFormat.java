package ee.lmstudio.sdk.model;

import java.util.Locale;

/** The forms in which a transcript can be asked for ({@code response_format}). */
public enum TranscriptFormat {
  /** The text. */
  JSON,
  /** The text with language, duration and segments. */
  VERBOSE_JSON,
  /** The bare text. */
  TEXT,
  /** Subtitles as SubRip has them. */
  SRT,
  /** Subtitles as WebVTT has them. */
  VTT;

  /** {@return the name that LM Studio knows it by: {@code verbose_json}} */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return whether the answer is an object, not a text} */
  public boolean isJson() {
    return this == JSON || this == VERBOSE_JSON;
  }
}
