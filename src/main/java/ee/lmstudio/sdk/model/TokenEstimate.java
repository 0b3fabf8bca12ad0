package ee.lmstudio.sdk.model;

import java.nio.charset.StandardCharsets;

/** The documented guess at a prompt's tokens, used where LM Studio sends no usage. */
final class TokenEstimate {
  private static final int BYTES_A_TOKEN = 4;

  private TokenEstimate() {}

  static int of(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
  }
}
