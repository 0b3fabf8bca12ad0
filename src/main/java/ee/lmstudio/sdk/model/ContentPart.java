package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/** A part of a message: text, an image, or a part of a type that the SDK does not know. */
public sealed interface ContentPart {
  /** {@return the part as JSON in LM Studio's format, including unknown fields} */
  JsonObject toJson();

  /**
   * {@return the part read from {@code json}}
   *
   * @param json a part in LM Studio's format
   * @throws ee.lmstudio.sdk.error.ValidationException if {@code type} is missing, or a field of
   *     this type is invalid
   */
  static ContentPart of(JsonObject json) {
    return switch (JsonText.string(json, "type").orElse("")) {
      case "text" -> new Text(json);
      case "image_url" -> new Image(json);
      default -> new Other(json);
    };
  }

  /**
   * {@return a part with text}
   *
   * @param text the text
   */
  static Text text(String text) {
    return new Text(JSON.createObjectBuilder().add("type", "text").add("text", text).build());
  }

  /**
   * {@return a part with an image, for a model with vision}
   *
   * @param bytes a PNG, JPEG, WebP or GIF file of up to 32 MiB. Every LM Studio version accepts PNG
   *     and JPEG; some refuse the other two
   * @throws ee.lmstudio.sdk.error.ValidationException if the file is larger or of another format
   */
  static Image image(byte[] bytes) {
    return image(
        "data:%s;base64,%s"
            .formatted(ImageRules.mediaType(bytes), Base64.getEncoder().encodeToString(bytes)));
  }

  /**
   * {@return a part with an image that is read from a file}
   *
   * @param file a PNG, JPEG, WebP or GIF file, as for {@link #image(byte[])}
   * @throws IOException if the file cannot be read
   * @throws ee.lmstudio.sdk.error.ValidationException if the file is larger or of another format
   */
  static Image image(Path file) throws IOException {
    ImageRules.checkSize(Files.size(file));
    return image(Files.readAllBytes(file));
  }

  /**
   * {@return a part with an image that LM Studio fetches} Many LM Studio versions do not fetch
   * images and refuse the request; {@link #image(Path)} works with every version.
   *
   * @param address an {@code http}, {@code https} or {@code data} URI
   */
  static Image image(URI address) {
    return image(address.toString());
  }

  private static Image image(String url) {
    return new Image(
        JSON.createObjectBuilder()
            .add("type", "image_url")
            .add("image_url", JSON.createObjectBuilder().add("url", url))
            .build());
  }

  /**
   * A part with text.
   *
   * @param json the whole part; {@code text} is checked
   */
  record Text(JsonObject json) implements ContentPart {
    /**
     * Checks the values.
     *
     * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names
     *     the value
     */
    public Text {
      FieldFaults faults = new FieldFaults();
      MessageCheck.checkText(faults, json);
      faults.throwIfAny();
    }

    @Override
    public JsonObject toJson() {
      return json;
    }

    /** {@return the text} */
    public String text() {
      return json.getString("text");
    }

    /** Returns the size only, because the text may be private. */
    @Override
    public String toString() {
      return "Text[" + text().length() + "]";
    }
  }

  /**
   * A part with an image, as a data URI or by an address that LM Studio fetches.
   *
   * @param json the whole part; {@code image_url.url} is checked: it is not blank, and the data of
   *     a base64 data URI is base64
   */
  record Image(JsonObject json) implements ContentPart {
    /**
     * Checks the values.
     *
     * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names
     *     the value
     */
    public Image {
      FieldFaults faults = new FieldFaults();
      MessageCheck.checkImage(faults, json);
      faults.throwIfAny();
    }

    @Override
    public JsonObject toJson() {
      return json;
    }

    /** {@return the address of the image: a data URI, or an address that LM Studio fetches} */
    public String url() {
      return json.getJsonObject("image_url").getString("url");
    }

    /**
     * {@return the media type that a base64 data URI names, such as {@code image/png}; empty for
     * any other address}
     */
    public Optional<String> mediaType() {
      return ImageRules.mediaType(url());
    }

    /**
     * {@return the image file that a base64 data URI holds, decoded again on each call; empty for
     * any other address}
     */
    public Optional<byte[]> bytes() {
      return mediaType().map(type -> Base64.getDecoder().decode(base64()));
    }

    private String base64() {
      return url().substring(url().indexOf(',') + 1).replace('-', '+').replace('_', '/');
    }

    /** Returns the type and the size only, because the image may be private. */
    @Override
    public String toString() {
      return "Image[" + mediaType().orElse("by address") + ", " + url().length() + "]";
    }
  }

  /**
   * A part of a type that the SDK does not know. The SDK sends it unchanged.
   *
   * @param json the whole part; {@code type} is checked
   */
  record Other(JsonObject json) implements ContentPart {
    /**
     * Checks the values.
     *
     * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names
     *     the value
     */
    public Other {
      Objects.requireNonNull(json, "json");
      FieldFaults faults = new FieldFaults();
      MessageCheck.checkType(faults, json);
      faults.throwIfAny();
    }

    @Override
    public JsonObject toJson() {
      return json;
    }

    /** {@return the type of the part} */
    public String type() {
      return json.getString("type");
    }

    /** Returns the type only, because the rest may be private. */
    @Override
    public String toString() {
      return "Other[" + type() + "]";
    }
  }
}
