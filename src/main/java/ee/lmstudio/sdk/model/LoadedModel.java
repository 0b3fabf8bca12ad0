package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A model that was asked to be loaded, and is.
 *
 * @param instanceId what requests and {@code unloadModel} name
 * @param type {@code llm} or {@code embedding}; empty if LM Studio does not say
 * @param loadTime how long LM Studio took; empty if it was loaded already
 * @param config how it is loaded: the context granted can be below the one asked for
 * @param json as LM Studio wrote it; of an instance that was loaded already, its entry in the list
 */
public record LoadedModel(
    String instanceId,
    Optional<String> type,
    Optional<Duration> loadTime,
    JsonObject config,
    JsonObject json) {
  /** Checks that nothing is null. */
  public LoadedModel {
    Objects.requireNonNull(instanceId, "instanceId");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(loadTime, "loadTime");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(json, "json");
  }

  /**
   * Reads the answer of {@code /api/v1/models/load}.
   *
   * @param json the body
   * @return the model; empty if it names no instance
   */
  public static Optional<LoadedModel> of(JsonObject json) {
    return JsonText.string(json, "instance_id")
        .map(
            id ->
                new LoadedModel(
                    id,
                    JsonText.string(json, "type"),
                    JsonText.seconds(json, "load_time_seconds"),
                    JsonText.object(json, "load_config"),
                    json));
  }

  /**
   * {@return an instance that was there already}
   *
   * @param instance as the listing has it
   * @param type of its model; empty if the listing does not say
   */
  public static LoadedModel of(LoadedInstance instance, Optional<String> type) {
    return new LoadedModel(
        instance.id(), type, Optional.empty(), instance.config(), instance.json());
  }

  /** {@return whether it was loaded before it was asked for} */
  public boolean wasLoaded() {
    return loadTime.isEmpty();
  }

  /** {@return the model as {@code /api/v1/models/load} answers} */
  public JsonObject toJson() {
    JsonObjectBuilder all = JSON.createObjectBuilder(json);
    type.ifPresent(name -> all.add("type", name));
    all.add("instance_id", instanceId);
    loadTime.ifPresent(
        time -> all.add("load_time_seconds", JSON.createValue(time.toNanos() / 1e9)));
    if (!config.isEmpty()) {
      all.add("load_config", config);
    }
    return all.add("status", "loaded").build();
  }
}
