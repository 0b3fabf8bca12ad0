package ee.lmstudio.sdk.capability;

import java.util.Locale;

/**
 * Names the sources of LM Studio's version. An earlier constant is better evidence than a later
 * one.
 */
public enum DetectedBy {
  /** {@code lmstudio_version} of {@code GET /health}. */
  HEALTH,
  /** The header {@code x-lmstudio-version} of an answer. */
  HEADER,
  /** {@code metadata.backend_version} of {@code GET /v1/models}. */
  METADATA,
  /**
   * The fact that {@code /api/v1/models} or {@code /api/v0/models} exists, which is a lower bound.
   */
  ENDPOINTS,
  /** No source named a version. */
  UNKNOWN;

  /**
   * {@return the name for programs: {@code health}, {@code header}, {@code metadata}, {@code
   * endpoints} or {@code unknown}}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
