package ee.lmstudio.sdk.model;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Describes a model with the values that only LM Studio's own listings ({@code /api/v0}, {@code
 * /api/v1}) have. Values that no listing has are empty.
 *
 * @param displayName name for people
 * @param publisher person or organization that made or converted the model
 * @param bitsPerWeight bits per weight of the quantization
 * @param sizeBytes size of the file in bytes
 * @param maxContextLength maximum context length of the model in tokens
 * @param loadedContextLength context length that the model is loaded with, in tokens; can be far
 *     below {@code maxContextLength}
 * @param capabilities what the model can do
 * @param instances the loaded instances
 * @param raw the model's entry in each listing, by path such as {@code api/v1/models}; it has the
 *     fields that have no component here
 */
public record ModelDetails(
    Optional<String> displayName,
    Optional<String> publisher,
    OptionalDouble bitsPerWeight,
    OptionalLong sizeBytes,
    OptionalLong maxContextLength,
    OptionalLong loadedContextLength,
    ModelCapabilities capabilities,
    List<LoadedInstance> instances,
    Map<String, JsonObject> raw) {
  /** No details are known. */
  public static final ModelDetails NONE =
      new ModelDetails(
          Optional.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          ModelCapabilities.UNKNOWN,
          List.of(),
          Map.of());

  /** Checks that nothing is null, and copies the collections. */
  public ModelDetails {
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(publisher, "publisher");
    Objects.requireNonNull(bitsPerWeight, "bitsPerWeight");
    Objects.requireNonNull(sizeBytes, "sizeBytes");
    Objects.requireNonNull(maxContextLength, "maxContextLength");
    Objects.requireNonNull(loadedContextLength, "loadedContextLength");
    Objects.requireNonNull(capabilities, "capabilities");
    instances = List.copyOf(instances);
    raw = Map.copyOf(raw);
  }
}
