package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Asks a model to turn texts into vectors ({@code POST /v1/embeddings}).
 *
 * <p>A text may have about 2,048 tokens. A list may have any length: the SDK sends it as several
 * requests of at most {@link #TEXTS_A_REQUEST} texts each.
 *
 * @param model id of the model to ask; if empty, the default embedding model or, without a default,
 *     the only one
 * @param input at least one text. LM Studio does not accept token arrays
 * @param dimensions length of the vectors, 1 or more, for models that support a choice; empty for
 *     the model's default
 * @param extra other fields, which are sent unchanged
 */
public record EmbeddingRequest(
    Optional<String> model, List<String> input, OptionalInt dimensions, JsonObject extra) {
  /** Maximum number of texts in one request to LM Studio. */
  public static final int TEXTS_A_REQUEST = 64;

  /** Fields that the components of this record or the SDK set. */
  private static final Set<String> OWN = Set.of("model", "input", "dimensions", "encoding_format");

  /**
   * Checks the values, and copies the collections.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public EmbeddingRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(dimensions, "dimensions");
    input = List.copyOf(input);
    if (input.isEmpty()) {
      throw ValidationException.of("input", "is empty; at least one text is required");
    }
    if (dimensions.isPresent() && dimensions.getAsInt() < 1) {
      throw ValidationException.of(
          "dimensions", "is " + dimensions.getAsInt() + "; it must be 1 or more");
    }
    ExtraFields.check(extra, OWN);
  }

  /**
   * Returns a request for the default model.
   *
   * @param texts at least one text
   * @return the request
   */
  public static EmbeddingRequest of(List<String> texts) {
    return new EmbeddingRequest(
        Optional.empty(), texts, OptionalInt.empty(), JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * Returns a request with one text for the default model.
   *
   * @param text the text
   * @return the request
   */
  public static EmbeddingRequest of(String text) {
    return of(List.of(text));
  }

  /**
   * {@return the same request for another model}
   *
   * @param name the model's id
   */
  public EmbeddingRequest withModel(String name) {
    return new EmbeddingRequest(Optional.of(name), input, dimensions, extra);
  }

  /**
   * {@return the same request for other texts}
   *
   * @param texts at least one text
   */
  public EmbeddingRequest withInput(List<String> texts) {
    return new EmbeddingRequest(model, texts, dimensions, extra);
  }

  /**
   * Reads a request from JSON. {@code encoding_format} is ignored, because the SDK sets it.
   *
   * @param json a request body in OpenAI's format
   * @return the request
   * @throws ValidationException if a field is invalid
   */
  public static EmbeddingRequest of(JsonObject json) {
    return new EmbeddingRequest(
        ExtraFields.anyText(json, "model"),
        texts(json.get("input")),
        ExtraFields.whole(json, "dimensions"),
        JsonText.without(json, OWN));
  }

  private static List<String> texts(JsonValue input) {
    if (input instanceof JsonString text) {
      return List.of(text.getString());
    }
    if (input instanceof JsonArray list && list.stream().allMatch(JsonString.class::isInstance)) {
      return list.getValuesAs(JsonString::getString);
    }
    throw ValidationException.of("input", "is neither a text nor a list of texts");
  }

  /** {@return the request body} It asks for floats, because LM Studio sends nothing else. */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    model.ifPresent(name -> json.add("model", name));
    json.add("input", JSON.createArrayBuilder(input));
    dimensions.ifPresent(length -> json.add("dimensions", length));
    return json.add("encoding_format", "float").build();
  }

  /** Returns the model and the number of texts only, because the texts may be private. */
  @Override
  public String toString() {
    return "EmbeddingRequest[" + model.orElse("default model") + ", " + input.size() + " texts]";
  }
}
