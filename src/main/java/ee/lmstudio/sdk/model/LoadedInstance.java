package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model in memory.
 *
 * @param id what unloading names; a second instance of a model is {@code model:2}
 * @param config how it was loaded: {@code context_length}, {@code parallel} …
 * @param remainingTtl until it is unloaded if nobody asks it; LM Studio does not document it
 * @param json as LM Studio wrote it
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
   * Reads one.
   *
   * @param json an entry of {@code loaded_instances}
   * @return the instance; empty if it has no id
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

  /** {@return tokens that its predictions have, all together} */
  public OptionalLong contextLength() {
    return JsonText.whole(config, "context_length");
  }
}
