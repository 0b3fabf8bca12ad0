package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An image, whole or as an address.
 *
 * @param base64 the image, not decoded yet; empty if it came as an address
 * @param url where it is; the SDK does not call it, and you should only if you trust it
 * @param revisedPrompt what LM Studio made of the prompt
 * @param extra other fields that LM Studio sent
 */
public record GeneratedImage(
    Optional<String> base64, Optional<URI> url, Optional<String> revisedPrompt, JsonObject extra) {
  private static final Set<String> OWN = Set.of("b64_json", "url", "revised_prompt");

  /**
   * Checks the values.
   *
   * @throws ProtocolException if one is wrong; the message names it
   */
  public GeneratedImage {
    Objects.requireNonNull(base64, "base64");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(revisedPrompt, "revisedPrompt");
    Objects.requireNonNull(extra, "extra");
    if (base64.isEmpty() && url.isEmpty()) {
      throw new ProtocolException(
          "LM Studio sent an image without b64_json and url",
          "Ask again; if it stays so, this model makes no images.",
          null);
    }
  }

  /**
   * Reads an image.
   *
   * @param json as LM Studio writes it
   * @return the image
   * @throws ProtocolException if it is neither there nor somewhere
   */
  public static GeneratedImage of(JsonObject json) {
    return new GeneratedImage(
        filled(json, "b64_json"),
        filled(json, "url").map(GeneratedImage::address),
        JsonText.string(json, "revised_prompt"),
        JsonText.without(json, OWN));
  }

  /** Servers that send the one may say the other as an empty text. */
  private static Optional<String> filled(JsonObject json, String name) {
    return JsonText.string(json, name).filter(text -> !text.isEmpty());
  }

  private static URI address(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(
          "LM Studio sent an image address that is none",
          "Ask for the image itself: Delivery.B64_JSON.",
          e);
    }
  }

  /**
   * {@return the image's bytes, decoded as they are read}
   *
   * @throws IllegalStateException if only an address came
   */
  public InputStream open() {
    String text =
        base64.orElseThrow(
            () -> new IllegalStateException("The image came as an address only: see url()"));
    return Base64.getDecoder().wrap(new AsciiStream(text));
  }

  /**
   * Writes the image to a file, which is replaced if it is there.
   *
   * @param file where to
   * @return how many bytes it has
   * @throws IOException if the file cannot be written
   * @throws ProtocolException if the image is no base64; the file then holds what came before
   * @throws IllegalStateException if only an address came
   */
  public long writeTo(Path file) throws IOException {
    try (InputStream image = open();
        OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[8192];
      long written = 0;
      for (int count = next(image, buffer); count >= 0; count = next(image, buffer)) {
        out.write(buffer, 0, count);
        written += count;
      }
      return written;
    }
  }

  private static int next(InputStream image, byte[] buffer) {
    try {
      return image.read(buffer);
    } catch (IOException e) {
      throw new ProtocolException(
          "LM Studio sent an image that is no base64: " + e.getMessage(), "Ask again.", e);
    }
  }

  /** {@return the image as LM Studio writes it} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    base64.ifPresent(text -> json.add("b64_json", text));
    url.ifPresent(address -> json.add("url", address.toString()));
    revisedPrompt.ifPresent(text -> json.add("revised_prompt", text));
    return json.build();
  }

  /** Sizes only. */
  @Override
  public String toString() {
    return "GeneratedImage["
        + base64.map(text -> text.length() + " characters of base64").orElse("an address")
        + "]";
  }

  /** The text as bytes without a copy of it; what is not ASCII becomes a byte no base64 has. */
  private static final class AsciiStream extends InputStream {
    private final String text;
    private int next;

    AsciiStream(String text) {
      this.text = text;
    }

    @Override
    public int read() {
      if (next == text.length()) {
        return -1;
      }
      char c = text.charAt(next++);
      return c < 0x80 ? c : 0xff;
    }
  }
}
