package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Asks a model to generate images ({@code POST /v1/images/generations}).
 *
 * @param prompt description of the images; not empty
 * @param model id of the model to ask; if empty, LM Studio chooses
 * @param n number of images, 1 or more; empty for one. LM Studio accepts up to 10
 * @param size such as {@code 512x512}, or {@code auto}; empty for the model's default
 * @param delivery whether LM Studio returns the images or their addresses; if empty, LM Studio
 *     chooses
 * @param extra other fields, which are sent unchanged
 */
public record ImageRequest(
    String prompt,
    Optional<String> model,
    OptionalInt n,
    Optional<String> size,
    Optional<Delivery> delivery,
    JsonObject extra) {
  private static final Set<String> OWN = Set.of("prompt", "model", "n", "size", "response_format");

  /**
   * Names a way in which LM Studio returns images ({@code response_format}). Other values than the
   * constants are sent unchanged.
   *
   * @param wireName the value in LM Studio's JSON; not blank
   */
  public record Delivery(String wireName) {
    /** The images are in the answer. */
    public static final Delivery B64_JSON = new Delivery("b64_json");

    /** The answer has the addresses of the images. The SDK does not fetch them. */
    public static final Delivery URL = new Delivery("url");

    /**
     * Checks the name.
     *
     * @throws ValidationException if the name is blank
     */
    public Delivery {
      if (wireName.isBlank()) {
        throw ValidationException.of("response_format", "is blank; leave it out for the default");
      }
    }
  }

  /**
   * Checks the values.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public ImageRequest {
    ExtraFields.notEmpty("prompt", prompt);
    Objects.requireNonNull(model, "model");
    if (n.isPresent() && n.getAsInt() < 1) {
      throw ValidationException.of("n", "is " + n.getAsInt() + "; it must be 1 or more");
    }
    if (size.filter(String::isBlank).isPresent()) {
      throw ValidationException.of("size", "is blank; leave it out for the model's default size");
    }
    Objects.requireNonNull(delivery, "delivery");
    ExtraFields.check(extra, OWN);
  }

  /**
   * Returns a request for one image with LM Studio's defaults.
   *
   * @param prompt description of the image
   * @return the request
   */
  public static ImageRequest of(String prompt) {
    return builder(prompt).build();
  }

  /**
   * {@return a builder with only the prompt set}
   *
   * @param prompt description of the image
   */
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** {@return a builder with the values of this request} */
  public Builder toBuilder() {
    Builder builder = new Builder(prompt);
    builder.model = model;
    builder.n = n;
    builder.size = size;
    builder.delivery = delivery;
    builder.extra = extra;
    return builder;
  }

  /**
   * Reads a request from JSON.
   *
   * @param json a request body in OpenAI's format
   * @return the request
   * @throws ValidationException if a field is invalid
   */
  public static ImageRequest of(JsonObject json) {
    return new ImageRequest(
        ExtraFields.text(json, "prompt"),
        ExtraFields.anyText(json, "model"),
        ExtraFields.whole(json, "n"),
        ExtraFields.anyText(json, "size"),
        ExtraFields.anyText(json, "response_format").map(Delivery::new),
        JsonText.without(json, OWN));
  }

  /** {@return the request body} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    model.ifPresent(name -> json.add("model", name));
    json.add("prompt", prompt);
    n.ifPresent(count -> json.add("n", count));
    size.ifPresent(text -> json.add("size", text));
    delivery.ifPresent(how -> json.add("response_format", how.wireName()));
    return json.build();
  }

  /** Returns all values except the prompt, which may be private. */
  @Override
  public String toString() {
    return "ImageRequest[%s, %s]".formatted(model.orElse("default model"), size.orElse("any size"));
  }

  /** Builds {@link ImageRequest}. A builder is not thread-safe. */
  public static final class Builder {
    private final String prompt;
    private Optional<String> model = Optional.empty();
    private OptionalInt n = OptionalInt.empty();
    private Optional<String> size = Optional.empty();
    private Optional<Delivery> delivery = Optional.empty();
    private JsonObject extra = JsonValue.EMPTY_JSON_OBJECT;

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    /**
     * Sets the model. Default: LM Studio chooses.
     *
     * @param value id of the model; null for the default
     * @return this builder
     */
    public Builder model(String value) {
      model = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets the number of images. Default: one.
     *
     * @param value 1 or more; LM Studio accepts up to 10
     * @return this builder
     */
    public Builder n(int value) {
      n = OptionalInt.of(value);
      return this;
    }

    /**
     * Sets the size. Default: the model's default size.
     *
     * @param value width and height in pixels, such as {@code 512x512}, or {@code auto}; null for
     *     the default
     * @return this builder
     */
    public Builder size(String value) {
      size = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets how LM Studio returns the images. Default: LM Studio chooses.
     *
     * @param value the images or their addresses; null for the default
     * @return this builder
     */
    public Builder delivery(Delivery value) {
      delivery = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets other fields. Default: none.
     *
     * @param value the fields, which are sent unchanged
     * @return this builder
     */
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /**
     * {@return the request}
     *
     * @throws ValidationException if a value is invalid
     */
    public ImageRequest build() {
      return new ImageRequest(prompt, model, n, size, delivery, extra);
    }
  }
}
