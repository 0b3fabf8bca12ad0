package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Holds the vectors of texts.
 *
 * @param model id of the model that answered
 * @param embeddings one vector for each text, in the order of the texts; all have the same
 *     dimension
 * @param usage numbers of tokens of all requests together
 * @param extra other fields of LM Studio's first answer
 */
public record EmbeddingAnswer(
    String model, List<Embedding> embeddings, EmbeddingUsage usage, JsonObject extra) {
  private static final Set<String> READ = Set.of("object", "data", "model", "usage");

  /** Checks that nothing is null, and copies the collections. */
  public EmbeddingAnswer {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(extra, "extra");
    embeddings = List.copyOf(embeddings);
  }

  /**
   * Reads an answer. Vectors are lists of numbers, or base64 of little-endian floats; they are
   * sorted by their {@code index}.
   *
   * @param json a response body in OpenAI's format
   * @return the answer; its model is empty if {@code json} names no model
   * @throws ProtocolException if there are no vectors, or a vector is empty, all zero or invalid
   */
  public static EmbeddingAnswer of(JsonObject json) {
    if (!(json.get("data") instanceof JsonArray data)) {
      throw EmbeddingReader.wrong("'data' is not a list");
    }
    return new EmbeddingAnswer(
        JsonText.string(json, "model").orElse(""),
        EmbeddingReader.vectors(data),
        EmbeddingReader.usage(json),
        JsonText.without(json, READ));
  }

  /**
   * Joins the answers of several requests.
   *
   * @param parts the answers in the order of their texts; at least one
   * @return all vectors, and the sum of the usage
   * @throws ProtocolException if models or dimensions differ, because such vectors cannot be
   *     compared
   */
  public static EmbeddingAnswer joined(List<EmbeddingAnswer> parts) {
    EmbeddingAnswer first = parts.get(0);
    parts.forEach(first::requireSameModel);
    List<Embedding> vectors = parts.stream().flatMap(p -> p.embeddings().stream()).toList();
    EmbeddingReader.requireOneDimension(vectors);
    EmbeddingUsage usage =
        parts.stream().map(EmbeddingAnswer::usage).reduce(EmbeddingUsage::plus).orElseThrow();
    return new EmbeddingAnswer(first.model(), vectors, usage, first.extra());
  }

  private void requireSameModel(EmbeddingAnswer later) {
    if (!later.model().equals(model)) {
      throw EmbeddingReader.wrong(
          "The first texts were answered by '%s', later texts by '%s': they cannot be compared"
              .formatted(model, later.model()));
    }
  }

  /**
   * {@return the same answer with another model id}
   *
   * @param name the model's id
   */
  public EmbeddingAnswer withModel(String name) {
    return new EmbeddingAnswer(name, embeddings, usage, extra);
  }

  /** {@return how many numbers each vector has} */
  public int dimension() {
    return embeddings.isEmpty() ? 0 : embeddings.get(0).dimension();
  }

  /** {@return the answer as JSON in OpenAI's format, with floats} */
  public JsonObject toJson() {
    JsonArrayBuilder data = JSON.createArrayBuilder();
    for (int i = 0; i < embeddings.size(); i++) {
      JsonArrayBuilder vector = JSON.createArrayBuilder();
      for (float number : embeddings.get(i).toArray()) {
        vector.add(number); // As a double: LM Studio's own numbers come out digit for digit.
      }
      data.add(
          JSON.createObjectBuilder()
              .add("object", "embedding")
              .add("embedding", vector)
              .add("index", i));
    }
    return JSON.createObjectBuilder(extra)
        .add("object", "list")
        .add("data", data)
        .add("model", model)
        .add("usage", usage.toJson())
        .build();
  }

  /** Returns the model and the sizes only. */
  @Override
  public String toString() {
    return "EmbeddingAnswer[%s, %d of %d, %s]"
        .formatted(model, embeddings.size(), dimension(), usage);
  }
}
