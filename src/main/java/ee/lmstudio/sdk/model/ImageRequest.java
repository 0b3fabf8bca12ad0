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
 * Asks for images ({@code POST /v1/images/generations}).
 *
 * @param prompt what they shall show; not blank
 * @param model whom to ask; empty leaves it to LM Studio
 * @param n how many, 1 to 10; empty: one
 * @param size such as {@code 512x512}, or {@code auto}; empty: the model's own
 * @param delivery whether they come whole or as addresses; empty leaves it to LM Studio
 * @param extra other fields to send, as they are
 */
public record ImageRequest(
    String prompt,
    Optional<String> model,
    OptionalInt n,
    Optional<String> size,
    Optional<Delivery> delivery,
    JsonObject extra) {
  private static final Set<String> OWN = Set.of("prompt", "model", "n", "size", "response_format");

  /** How images come ({@code response_format}). */
  public enum Delivery {
    /** Whole, in the answer. */
    B64_JSON("b64_json"),
    /** As addresses, which the SDK does not call. */
    URL("url");

    private final String wireName;

    Delivery(String wireName) {
      this.wireName = wireName;
    }

    /** {@return the name that LM Studio knows it by} */
    public String wireName() {
      return wireName;
    }

    static Delivery of(String name) {
      for (Delivery delivery : values()) {
        if (delivery.wireName.equals(name)) {
          return delivery;
        }
      }
      throw ValidationException.of(
          "response_format", "is '" + name + "', allowed is b64_json or url");
    }
  }

  /**
   * Checks the values.
   *
   * @throws ValidationException if one is wrong; the message names it
   */
  public ImageRequest {
    if (prompt.isBlank()) {
      throw ValidationException.of("prompt", "is blank, a text is needed");
    }
    Objects.requireNonNull(model, "model");
    if (n.isPresent() && n.getAsInt() < 1) {
      throw ValidationException.of("n", "is " + n.getAsInt() + "; the minimum is 1");
    }
    if (size.filter(String::isBlank).isPresent()) {
      throw ValidationException.of("size", "is blank; leave it out for the model's own size");
    }
    Objects.requireNonNull(delivery, "delivery");
    ExtraFields.check(extra, OWN);
  }

  /**
   * One image, as LM Studio makes it by itself.
   *
   * @param prompt what the image shall show
   * @return the request
   */
  public static ImageRequest of(String prompt) {
    return builder(prompt).build();
  }

  /**
   * {@return a builder with nothing but the prompt set}
   *
   * @param prompt what the image shall show
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
   * Reads a request.
   *
   * @param json as OpenAI's format has it
   * @return the request
   * @throws ValidationException if a field is wrong
   */
  public static ImageRequest of(JsonObject json) {
    return new ImageRequest(
        ExtraFields.text(json, "prompt"),
        JsonText.string(json, "model"),
        ExtraFields.whole(json, "n"),
        JsonText.string(json, "size"),
        JsonText.string(json, "response_format").map(Delivery::of),
        JsonText.without(json, OWN));
  }

  /** {@return the request as it is sent} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    model.ifPresent(name -> json.add("model", name));
    json.add("prompt", prompt);
    n.ifPresent(count -> json.add("n", count));
    size.ifPresent(text -> json.add("size", text));
    delivery.ifPresent(how -> json.add("response_format", how.wireName()));
    return json.build();
  }

  /** All but the prompt, which is somebody's. */
  @Override
  public String toString() {
    return "ImageRequest[%s, %s]".formatted(model.orElse("default model"), size.orElse("any size"));
  }

  /** Builds {@link ImageRequest}. Not for use by several threads at once. */
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
     * Default: LM Studio's choice.
     *
     * @param value its id; null: LM Studio's choice
     * @return this builder
     */
    public Builder model(String value) {
      model = Optional.ofNullable(value);
      return this;
    }

    /**
     * How many, 1 to 10. Default: one.
     *
     * @param value 1 to 10
     * @return this builder
     */
    public Builder n(int value) {
      n = OptionalInt.of(value);
      return this;
    }

    /**
     * Such as {@code 512x512}, or {@code auto}. Default: the model's own.
     *
     * @param value width and height in pixels; null: the model's own
     * @return this builder
     */
    public Builder size(String value) {
      size = Optional.ofNullable(value);
      return this;
    }

    /**
     * Default: LM Studio's choice.
     *
     * @param value whole, or as an address; null: LM Studio's choice
     * @return this builder
     */
    public Builder delivery(Delivery value) {
      delivery = Optional.ofNullable(value);
      return this;
    }

    /**
     * Other fields. Default none.
     *
     * @param value sent as they are
     * @return this builder
     */
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /**
     * {@return the request}
     *
     * @throws ValidationException if a value is wrong
     */
    public ImageRequest build() {
      return new ImageRequest(prompt, model, n, size, delivery, extra);
    }
  }
}
