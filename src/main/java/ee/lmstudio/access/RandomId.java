package ee.lmstudio.access;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Creates ids that nobody can guess. Each has 128 random bits. */
final class RandomId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomId() {}

  static String next() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
