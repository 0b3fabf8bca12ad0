package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.Utf8;

/** Estimates the tokens of a prompt, as documented, if LM Studio sends no usage. */
final class TokenEstimate {
  private static final int BYTES_A_TOKEN = 4;

  private TokenEstimate() {}

  static int of(String text) {
    return (Utf8.length(text) + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
  }
}
