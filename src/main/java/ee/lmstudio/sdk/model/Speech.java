package ee.lmstudio.sdk.model;

import java.time.Duration;
import java.util.Objects;

/**
 * Speech that was written to its sink, whole.
 *
 * @param contentType of the audio, as LM Studio says it, such as {@code audio/mpeg}; {@code
 *     application/octet-stream} if it says none
 * @param bytes how many were written
 * @param took from the request to the last byte
 */
public record Speech(String contentType, long bytes, Duration took) {
  /** Most bytes that are taken, 1 GiB: hours of the largest format. */
  public static final long MAX_BYTES = 1L << 30;

  /** Checks that nothing is null. */
  public Speech {
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(took, "took");
  }
}
