package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Objects;

/**
 * Texts as vectors.
 *
 * @param model who answered
 * @param embeddings one for each text, in the order of the texts, all of one dimension
 * @param usage of all requests together
 * @param extra other fields that LM Studio sent, of the first request
 */
public record EmbeddingAnswer(
    String model, List<Embedding> embeddings, EmbeddingUsage usage, JsonObject extra) {
  /** Checks that nothing is null, and copies the collections. */
  public EmbeddingAnswer {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(extra, "extra");
    embeddings = List.copyOf(embeddings);
  }

  /** {@return how many numbers each vector has} */
  public int dimension() {
    return embeddings.isEmpty() ? 0 : embeddings.get(0).dimension();
  }

  /** {@return the answer as OpenAI's format has it, with floats} */
  public JsonObject toJson() {
    JsonArrayBuilder data = JSON.createArrayBuilder();
    for (int i = 0; i < embeddings.size(); i++) {
      JsonArrayBuilder vector = JSON.createArrayBuilder();
      for (float number : embeddings.get(i).toArray()) {
        vector.add(number);
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

  /** Model and sizes only. */
  @Override
  public String toString() {
    return "EmbeddingAnswer[%s, %d of %d, %s]"
        .formatted(model, embeddings.size(), dimension(), usage);
  }
}
