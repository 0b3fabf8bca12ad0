package ee.lmstudio.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * Bytes of an answer's body and when they are due. An adapter sends a frame in one write, as LM
 * Studio sends one event in one network chunk.
 *
 * @param at how long after the request arrived; zero is at once
 * @param bytes the body bytes; not copied, so leave them alone
 */
public record Frame(Duration at, byte[] bytes) {

  public Frame {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(bytes, "bytes");
  }

  /** {@code text} in UTF-8, due {@code at}. */
  public static Frame of(Duration at, String text) {
    return new Frame(at, text.getBytes(StandardCharsets.UTF_8));
  }
}
