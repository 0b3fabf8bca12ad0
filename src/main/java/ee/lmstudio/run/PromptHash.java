package ee.lmstudio.run;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Computes a prompt hash: SHA-256 of the request as canonical JSON (RFC 8785), without {@code
 * stream} and its options. Equal requests have equal hashes, and a hash does not reveal the prompt.
 */
final class PromptHash {
  private PromptHash() {}

  static String of(JsonObject request) {
    try {
      byte[] canonical = new JsonCanonicalizer(request.toString()).getEncodedUTF8();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (IOException e) {
      throw new UncheckedIOException("JSON that was just written cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256", e);
    }
  }
}
