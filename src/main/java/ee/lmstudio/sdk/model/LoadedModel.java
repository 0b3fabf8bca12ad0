package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Describes the instance that a request to load a model returned.
 *
 * @param instanceId id of the instance, for requests and for {@code unloadModel}
 * @param type {@code llm} or {@code embedding}; empty if LM Studio does not say
 * @param loadTime time that LM Studio needed to load the model; empty if the instance was already
 *     loaded
 * @param config load settings; the actual context length can be below the requested one
 * @param json the answer as LM Studio sent it; if the instance was already loaded, its entry in the
 *     model list
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
   * @return the model; empty if the body names no instance
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
   * {@return the result for an instance that was already loaded}
   *
   * @param instance the instance in the model list
   * @param type type of its model; empty if the list does not say
   */
  public static LoadedModel of(LoadedInstance instance, Optional<String> type) {
    return new LoadedModel(
        instance.id(), type, Optional.empty(), instance.config(), instance.json());
  }

  /** {@return whether the instance was already loaded before the request} */
  public boolean wasLoaded() {
    return loadTime.isEmpty();
  }

  /** {@return the instance as JSON in the format of {@code /api/v1/models/load}} */
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
