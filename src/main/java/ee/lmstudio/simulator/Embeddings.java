package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Creates vectors of unit length. Equal texts have equal vectors, and texts that share words have
 * similar ones. Vectors are always floats, because LM Studio ignores {@code encoding_format}.
 */
final class Embeddings {
  private static final int DIMENSIONS = 768;

  private Embeddings() {}

  /**
   * Returns the texts to embed.
   *
   * @throws Refusal if {@code input} is neither a string nor an array of strings
   */
  static List<String> inputs(JsonValue input) {
    if (input instanceof JsonString text) {
      return List.of(text.getString());
    }
    if (input instanceof JsonArray texts
        && !texts.isEmpty()
        && texts.stream().allMatch(JsonString.class::isInstance)) {
      return texts.getValuesAs(JsonString::getString);
    }
    throw Refusal.text(400, "'input' field must be a string or an array of strings");
  }

  static JsonObject render(List<String> inputs, SimulatedModel model) {
    JsonArrayBuilder entries = JSON.createArrayBuilder();
    for (int i = 0; i < inputs.size(); i++) {
      JsonArrayBuilder vector = JSON.createArrayBuilder();
      for (double number : vector(inputs.get(i))) {
        vector.add(number);
      }
      entries.add(
          JSON.createObjectBuilder()
              .add("object", "embedding")
              .add("embedding", vector)
              .add("index", i));
    }
    return JSON.createObjectBuilder()
        .add("object", "list")
        .add("data", entries)
        .add("model", model.id())
        .add("usage", JSON.createObjectBuilder().add("prompt_tokens", 0).add("total_tokens", 0))
        .build();
  }

  private static double[] vector(String text) {
    double[] sum = new double[DIMENSIONS];
    add(sum, "");
    new Question(text).words().forEach(word -> add(sum, word.toLowerCase(Locale.ROOT)));
    double square = 0;
    for (double number : sum) {
      square += number * number;
    }
    double length = Math.sqrt(square);
    for (int i = 0; i < DIMENSIONS; i++) {
      sum[i] /= length;
    }
    return sum;
  }

  private static void add(double[] sum, String word) {
    SplittableRandom random = new SplittableRandom(Seed.of(word));
    for (int i = 0; i < DIMENSIONS; i++) {
      sum[i] += random.nextDouble(-1, 1);
    }
  }
}
