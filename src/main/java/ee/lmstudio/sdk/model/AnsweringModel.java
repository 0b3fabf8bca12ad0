package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * LM Studio's {@code model_info} of an answer, which {@code /api/v0} sends: the file that answered.
 *
 * @param json as it came
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

  /** {@return tokens of context that it was loaded with} */
  public OptionalLong contextLength() {
    return JsonText.whole(json, "context_length");
  }
}
