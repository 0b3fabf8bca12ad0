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
 * Asks for texts as vectors ({@code POST /v1/embeddings}).
 *
 * <p>A text may have about 2,048 tokens. A list may be of any length: it goes out as several
 * requests of at most {@link #TEXTS_A_REQUEST} texts each.
 *
 * @param model whom to ask; empty takes the default embedding model, or the only one there is
 * @param input the texts, at least one, none empty; token arrays are not known to LM Studio
 * @param dimensions length of the vectors, 1 or more, for models that can choose; empty: the
 *     model's own
 * @param extra other fields to send, as they are
 */
public record EmbeddingRequest(
    Optional<String> model, List<String> input, OptionalInt dimensions, JsonObject extra) {
  /** Most texts in one request to LM Studio. */
  public static final int TEXTS_A_REQUEST = 64;

  /** What the record's own components, or the SDK, say. */
  private static final Set<String> OWN = Set.of("model", "input", "dimensions", "encoding_format");

  /**
   * Checks the values, and copies the collections.
   *
   * @throws ValidationException if one is wrong; the message names it
   */
  public EmbeddingRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(dimensions, "dimensions");
    input = List.copyOf(input);
    if (input.isEmpty()) {
      throw ValidationException.of("input", "is empty, at least one text is needed");
    }
    for (int i = 0; i < input.size(); i++) {
      if (input.get(i).isEmpty()) {
        throw ValidationException.of("input[" + i + "]", "is empty, a text is needed");
      }
    }
    if (dimensions.isPresent() && dimensions.getAsInt() < 1) {
      throw ValidationException.of(
          "dimensions", "is " + dimensions.getAsInt() + ", allowed is 1 or more");
    }
    ExtraFields.check(extra, OWN);
  }

  /**
   * These texts by the default model.
   *
   * @param texts at least one, none empty
   * @return the request
   */
  public static EmbeddingRequest of(List<String> texts) {
    return new EmbeddingRequest(
        Optional.empty(), texts, OptionalInt.empty(), JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * One text by the default model.
   *
   * @param text not empty
   * @return the request
   */
  public static EmbeddingRequest of(String text) {
    return of(List.of(text));
  }

  /**
   * {@return the same texts by another model}
   *
   * @param name the model's id
   */
  public EmbeddingRequest withModel(String name) {
    return new EmbeddingRequest(Optional.of(name), input, dimensions, extra);
  }

  /**
   * {@return the same request for other texts}
   *
   * @param texts at least one, none empty
   */
  public EmbeddingRequest withInput(List<String> texts) {
    return new EmbeddingRequest(model, texts, dimensions, extra);
  }

  /**
   * Reads a request as OpenAI's format has it. {@code encoding_format} is the SDK's choice and is
   * left out.
   *
   * @param json as OpenAI's format has it
   * @return the request
   * @throws ValidationException if a field is wrong
   */
  public static EmbeddingRequest of(JsonObject json) {
    return new EmbeddingRequest(
        JsonText.string(json, "model"),
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

  /** {@return the request as it is sent} Floats are asked for: LM Studio sends nothing else. */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    model.ifPresent(name -> json.add("model", name));
    json.add("input", JSON.createArrayBuilder(input));
    dimensions.ifPresent(length -> json.add("dimensions", length));
    return json.add("encoding_format", "float").build();
  }

  /** Model and number of texts only: the texts are somebody's. */
  @Override
  public String toString() {
    return "EmbeddingRequest[" + model.orElse("default model") + ", " + input.size() + " texts]";
  }
}
