package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;

/** Reads vectors as floats, or as base64 of little-endian floats. */
final class EmbeddingReader {
  private EmbeddingReader() {}

  /**
   * Returns the vectors of an answer, sorted by {@code index}. For an entry without an index, its
   * position counts.
   *
   * @throws ProtocolException if an entry is not a vector, or two entries have the same index
   */
  static List<Embedding> vectors(JsonArray data) {
    int count = data.size();
    Embedding[] byIndex = new Embedding[count];
    for (int i = 0; i < count; i++) {
      if (!(data.get(i) instanceof JsonObject entry)) {
        throw wrong("Entry " + i + " is not an object");
      }
      long index = JsonText.whole(entry, "index").orElse(i);
      if (index < 0 || index >= count || byIndex[(int) index] != null) {
        throw wrong(
            "Entry %d has the index %d, but there are %d entries".formatted(i, index, count));
      }
      byIndex[(int) index] = vector(entry.get("embedding"), index);
    }
    return Arrays.asList(byIndex);
  }

  private static Embedding vector(JsonValue value, long index) {
    try {
      return switch (value) {
        case JsonArray numbers -> Embedding.of(floats(numbers));
        case JsonString base64 -> Embedding.of(floats(base64.getString()));
        case null, default -> throw new IllegalArgumentException("the vector is missing");
      };
    } catch (IllegalArgumentException | ClassCastException | ArithmeticException e) {
      throw new ProtocolException(
          "LM Studio's vector %d cannot be used: %s".formatted(index, e.getMessage()), HINT, e);
    }
  }

  private static float[] floats(JsonArray numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i) instanceof JsonNumber number ? number(number) : Float.NaN;
    }
    return floats;
  }

  private static float number(JsonNumber number) {
    return (float) number.doubleValue();
  }

  private static float[] floats(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          bytes.length + " bytes are not a whole number of 4-byte floats");
    }
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] numbers = new float[floats.remaining()];
    floats.get(numbers);
    return numbers;
  }

  /** Refuses vectors of different dimensions, because they cannot be compared. */
  static void requireOneDimension(List<Embedding> vectors) {
    for (int i = 1; i < vectors.size(); i++) {
      int first = vectors.get(0).dimension();
      int dimension = vectors.get(i).dimension();
      if (dimension != first) {
        throw wrong("Vector 0 has %d numbers, vector %d has %d".formatted(first, i, dimension));
      }
    }
  }

  /**
   * Reads the usage. LM Studio often sends 0 and 0, which means that it did not count the tokens.
   */
  static EmbeddingUsage usage(JsonObject json) {
    JsonObject usage = JsonText.object(json, "usage");
    int prompt = tokens(usage, "prompt_tokens");
    int total = tokens(usage, "total_tokens");
    return prompt == 0 && total == 0
        ? EmbeddingUsage.NONE
        : new EmbeddingUsage(prompt, Math.max(prompt, total), true);
  }

  private static int tokens(JsonObject usage, String name) {
    OptionalLong tokens = JsonText.whole(usage, name);
    return Math.clamp(tokens.orElse(0), 0, Integer.MAX_VALUE / 1024);
  }

  private static final String HINT =
      "Check that the model is an embedding model, and that LM Studio is up to date.";

  static ProtocolException wrong(String what) {
    return new ProtocolException("LM Studio's embeddings are invalid: " + what, HINT, null);
  }
}
