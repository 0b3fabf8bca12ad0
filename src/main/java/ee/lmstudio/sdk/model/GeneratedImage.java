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
 * Holds a generated image, or its address.
 *
 * @param base64 the image as base64; empty if LM Studio sent an address
 * @param url address of the image. The SDK does not fetch it; fetch it only if you trust it
 * @param revisedPrompt the prompt as LM Studio changed it
 * @param extra other fields that LM Studio sent
 */
public record GeneratedImage(
    Optional<String> base64, Optional<URI> url, Optional<String> revisedPrompt, JsonObject extra) {
  private static final Set<String> OWN = Set.of("b64_json", "url", "revised_prompt");

  /**
   * Checks the values.
   *
   * @throws ProtocolException if a value is invalid; the message names the value
   */
  public GeneratedImage {
    Objects.requireNonNull(base64, "base64");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(revisedPrompt, "revisedPrompt");
    Objects.requireNonNull(extra, "extra");
    if (base64.isEmpty() && url.isEmpty()) {
      throw new ProtocolException(
          "LM Studio sent an image without b64_json and url",
          "Retry. If the error persists, this model cannot generate images.",
          null);
    }
  }

  /**
   * Reads an image from JSON.
   *
   * @param json an image in LM Studio's format
   * @return the image
   * @throws ProtocolException if {@code json} has neither an image nor an address
   */
  public static GeneratedImage of(JsonObject json) {
    return new GeneratedImage(
        filled(json, "b64_json"),
        filled(json, "url").map(GeneratedImage::address),
        JsonText.string(json, "revised_prompt"),
        JsonText.without(json, OWN));
  }

  /** Some servers send only one of the two fields and an empty text in the other. */
  private static Optional<String> filled(JsonObject json, String name) {
    return JsonText.string(json, name).filter(text -> !text.isEmpty());
  }

  private static URI address(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(
          "LM Studio sent an image address that is not a valid URI",
          "Request the image itself with Delivery.B64_JSON.",
          e);
    }
  }

  /**
   * {@return a stream of the image's bytes, decoded while it is read}
   *
   * @throws IllegalStateException if LM Studio sent only an address
   */
  public InputStream open() {
    String text =
        base64.orElseThrow(
            () ->
                new IllegalStateException(
                    "LM Studio sent only the address of the image: see url()"));
    return Base64.getDecoder().wrap(new AsciiStream(text));
  }

  /**
   * Writes the image to a file. An existing file is replaced.
   *
   * @param file the file to write
   * @return how many bytes the image has
   * @throws IOException if the file cannot be written
   * @throws ProtocolException if the image is not valid base64; the file then holds the part before
   *     the error
   * @throws IllegalStateException if LM Studio sent only an address
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
          "LM Studio sent an image that is not valid base64: " + e.getMessage(),
          "Retry the call.",
          e);
    }
  }

  /** {@return the image as JSON in LM Studio's format} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    base64.ifPresent(text -> json.add("b64_json", text));
    url.ifPresent(address -> json.add("url", address.toString()));
    revisedPrompt.ifPresent(text -> json.add("revised_prompt", text));
    return json.build();
  }

  /** Returns the sizes only. */
  @Override
  public String toString() {
    return "GeneratedImage["
        + base64.map(text -> text.length() + " characters of base64").orElse("an address")
        + "]";
  }

  /**
   * Reads a text as bytes without copying it. A character that is not ASCII becomes a byte that
   * base64 does not allow.
   */
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
