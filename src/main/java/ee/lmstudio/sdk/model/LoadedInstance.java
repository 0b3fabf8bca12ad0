package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Describes an instance of a model in memory.
 *
 * @param id id of the instance, which is needed to unload it; a second instance of a model is
 *     {@code model:2}
 * @param config load settings: {@code context_length}, {@code parallel} …
 * @param remainingTtl time until LM Studio unloads the instance if it receives no request; LM
 *     Studio does not document this value
 * @param json the object as LM Studio sent it
 */
public record LoadedInstance(
    String id, JsonObject config, Optional<Duration> remainingTtl, JsonObject json) {
  /** Checks that nothing is null. */
  public LoadedInstance {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(remainingTtl, "remainingTtl");
    Objects.requireNonNull(json, "json");
  }

  /**
   * Reads an instance from JSON.
   *
   * @param json an entry of {@code loaded_instances}
   * @return the instance; empty if the entry has no id
   */
  public static Optional<LoadedInstance> of(JsonObject json) {
    return JsonText.string(json, "id")
        .map(
            id ->
                new LoadedInstance(
                    id,
                    JsonText.object(json, "config"),
                    JsonText.seconds(json, "remaining_ttl_seconds"),
                    json));
  }

  /** {@return the context length in tokens, which all predictions of the instance share} */
  public OptionalLong contextLength() {
    return JsonText.whole(config, "context_length");
  }
}
