package ee.lmstudio.sdk.capability;

import java.util.Locale;

/** What told LM Studio's version; an earlier one's word counts more. */
public enum DetectedBy {
  /** {@code lmstudio_version} of {@code GET /health}. */
  HEALTH,
  /** The header {@code x-lmstudio-version} of an answer. */
  HEADER,
  /** {@code metadata.backend_version} of {@code GET /v1/models}. */
  METADATA,
  /** Which of {@code /api/v1/models} and {@code /api/v0/models} answer: a lower bound. */
  SURFACE,
  /** Nothing did: the version is unknown. */
  NOTHING;

  /**
   * {@return its name for programs: {@code health}, {@code header}, {@code metadata}, {@code
   * surface}, {@code nothing}}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
