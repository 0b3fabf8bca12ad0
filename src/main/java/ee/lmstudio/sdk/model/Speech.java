package ee.lmstudio.sdk.model;

import java.time.Duration;
import java.util.Objects;

/**
 * Describes speech that was completely written to its sink.
 *
 * @param contentType content type that LM Studio sent, such as {@code audio/mpeg}; {@code
 *     application/octet-stream} if it sent none
 * @param bytes number of bytes that were written
 * @param took time from the request to the last byte
 */
public record Speech(String contentType, long bytes, Duration took) {
  /** Maximum size of the audio: 1 GiB, which is hours of speech in the largest format. */
  public static final long MAX_BYTES = 1L << 30;

  /** Checks that nothing is null. */
  public Speech {
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(took, "took");
  }
}
