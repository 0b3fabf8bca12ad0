package ee.lmstudio.inference;

import ee.lmstudio.sdk.model.GenerationRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Tells equal requests from different ones without showing them: SHA-256 of the request as
 * canonical JSON (RFC 8785), without {@code stream} and its options.
 */
final class PromptHash {
  private PromptHash() {}

  static String of(GenerationRequest request) {
    try {
      byte[] canonical = new JsonCanonicalizer(request.toJson().toString()).getEncodedUTF8();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (IOException e) {
      throw new UncheckedIOException("JSON that was just written cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256", e);
    }
  }
}
