package ee.lmstudio.sdk;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Holds a text that must not be shown. A secret prints as {@code ***}, has no getter that a JSON
 * binder would call, is not serializable, and compares in constant time.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a secret.
   *
   * @param value the text; must not be null or blank
   * @return the secret
   * @throws IllegalArgumentException if the text is blank
   */
  public static Secret of(String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("A secret needs a value");
    }
    return new Secret(value);
  }

  /**
   * {@return the text itself} Use it only to send or compare the text, never where it may be
   * printed.
   */
  public String reveal() {
    return value;
  }

  /**
   * {@return whether {@code offered} is this secret} The comparison takes the same time wherever
   * the two texts differ.
   *
   * @param offered the text to compare; null never matches
   */
  public boolean matches(String offered) {
    return offered != null && MessageDigest.isEqual(bytes(value), bytes(offered));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && matches(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Returns {@code ***}. */
  @Override
  public String toString() {
    return "***";
  }
}
