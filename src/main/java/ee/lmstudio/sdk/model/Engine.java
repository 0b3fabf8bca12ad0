package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds {@code runtime} of an answer: the engine that ran the model. Only {@code /api/v0} sends it.
 *
 * @param json the object as LM Studio sent it
 */
public record Engine(JsonObject json) {
  /** Checks that nothing is null. */
  public Engine {
    Objects.requireNonNull(json, "json");
  }

  /** {@return the engine's name, such as {@code llama.cpp-mac-arm64-apple-metal-advsimd}} */
  public Optional<String> name() {
    return JsonText.string(json, "name");
  }

  /** {@return the engine's version, such as {@code 1.21.0}} */
  public Optional<String> version() {
    return JsonText.string(json, "version");
  }

  /** {@return the file formats that the engine supports, such as {@code gguf}; may be empty} */
  public List<String> supportedFormats() {
    return json.get("supported_formats") instanceof JsonArray formats
        ? formats.stream()
            .filter(JsonString.class::isInstance)
            .map(format -> ((JsonString) format).getString())
            .toList()
        : List.of();
  }
}
