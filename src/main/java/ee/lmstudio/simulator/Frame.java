package ee.lmstudio.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * Bytes of a response body and the time at which they are due. An adapter sends a frame in one
 * write, as LM Studio sends one event in one network chunk.
 *
 * @param at the time after the arrival of the request; zero: immediately
 * @param bytes the bytes; the array is not copied, so do not change it
 */
public record Frame(Duration at, byte[] bytes) {

  public Frame {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(bytes, "bytes");
  }

  /** Returns a frame with {@code text} in UTF-8 that is due after {@code at}. */
  public static Frame of(Duration at, String text) {
    return new Frame(at, text.getBytes(StandardCharsets.UTF_8));
  }
}
