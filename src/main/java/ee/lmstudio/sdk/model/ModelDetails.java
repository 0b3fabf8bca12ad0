package ee.lmstudio.sdk.model;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What LM Studio's own listings ({@code /api/v0}, {@code /api/v1}) say of a model beyond OpenAI's.
 * What no surface says is empty.
 *
 * @param displayName for people
 * @param publisher who made or converted it
 * @param bitsPerWeight of the quantization
 * @param sizeBytes of the file
 * @param maxContextLength most tokens that the model takes
 * @param loadedContextLength tokens that prompt and answer may have as it is loaded; can be far
 *     below {@code maxContextLength}
 * @param capabilities what it can do
 * @param instances loaded ones
 * @param raw what each surface wrote, by its path such as {@code api/v1/models}: fields that have
 *     no place above are here
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
  /** Nothing is known. */
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
