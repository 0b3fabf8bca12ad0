package ee.lmstudio.config;

import ee.lmstudio.sdk.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A caller that may use this server.
 *
 * @param name the name of the caller, unique; shown in logs and as the owner of streams
 * @param token the text that the caller sends, or {@code sha256:} and the hash of that text in
 *     lower case hexadecimal digits, so that the configuration does not hold the secret
 * @param admin whether the caller may see and cancel the streams of other callers
 */
public record AccessToken(String name, Secret token, boolean admin) {
  static final String SHA256 = "sha256:";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public AccessToken {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(token, "token");
  }

  /** Returns whether a caller can have this name: 1 to 64 characters of A-Z a-z 0-9 . _ - */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns whether only the hash of the token is known. */
  public boolean isHashed() {
    return token.reveal().startsWith(SHA256);
  }

  /**
   * Returns whether {@code offered} is this token. The time taken does not tell how much of it is
   * right.
   */
  public boolean matches(String offered) {
    return isHashed() ? token.matches(hash(offered)) : token.matches(offered);
  }

  /** Returns {@code sha256:} and the hash of the text that the caller sends. */
  public String hash() {
    return isHashed() ? token.reveal() : hash(token.reveal());
  }

  private static String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return SHA256 + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
