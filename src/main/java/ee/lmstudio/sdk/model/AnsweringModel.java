package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Holds {@code model_info} of an answer: the model file that LM Studio used. Only {@code /api/v0}
 * sends it.
 *
 * @param json the object as LM Studio sent it
 */
public record AnsweringModel(JsonObject json) {
  /** Checks that nothing is null. */
  public AnsweringModel {
    Objects.requireNonNull(json, "json");
  }

  /** {@return the architecture, such as {@code qwen2}} */
  public Optional<String> architecture() {
    return JsonText.string(json, "arch");
  }

  /** {@return the quantization, such as {@code Q8_0}} */
  public Optional<String> quantization() {
    return JsonText.string(json, "quant");
  }

  /** {@return the format, {@code gguf} or {@code mlx}} */
  public Optional<String> format() {
    return JsonText.string(json, "format");
  }

  /** {@return the context length that the model was loaded with, in tokens} */
  public OptionalLong contextLength() {
    return JsonText.whole(json, "context_length");
  }
}
