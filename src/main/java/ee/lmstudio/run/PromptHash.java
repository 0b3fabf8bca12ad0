package ee.lmstudio.run;

import jakarta.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Computes a prompt hash: SHA-256 of the request as canonical JSON (RFC 8785), without {@code
 * stream} and its options. Equal requests have equal hashes, and a hash does not reveal the prompt.
 */
final class PromptHash {
  private PromptHash() {}

  static String of(JsonObject request) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      CanonicalJson.write(request, sha::update);
      return "sha256:" + HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256", e);
    }
  }
}
