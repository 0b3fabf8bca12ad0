package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Asks LM Studio to load a model ({@code POST /api/v1/models/load}, 0.4.0 and later).
 *
 * @param model key of the model in the model list; not blank
 * @param config load settings under LM Studio's names; LM Studio chooses all other settings
 */
public record LoadRequest(String model, JsonObject config) {
  private static final String CONTEXT = "context_length";
  private static final String BATCH = "eval_batch_size";
  private static final String EXPERTS = "num_experts";
  private static final String FLASH = "flash_attention";
  private static final String KV_CACHE = "offload_kv_cache_to_gpu";

  /** Fields that a component of this record or the SDK sets. */
  private static final Set<String> OWN = Set.of("model", "echo_load_config");

  /**
   * Checks the values.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public LoadRequest {
    if (Objects.requireNonNull(model, "model").isBlank()) {
      throw ValidationException.of("model", "is blank; name a model from the model list");
    }
    ExtraFields.check(config, OWN);
    for (String name : List.of(CONTEXT, BATCH, EXPERTS)) {
      if (config.containsKey(name) && !(JsonText.whole(config, name).orElse(0) >= 1)) {
        throw ValidationException.of(
            name, "is " + shown(config.get(name)) + "; it must be a whole number, 1 or more");
      }
    }
    for (String name : List.of(FLASH, KV_CACHE)) {
      JsonValue value = config.get(name);
      if (value != null && value != JsonValue.TRUE && value != JsonValue.FALSE) {
        throw ValidationException.of(name, "is " + shown(value) + "; it must be true or false");
      }
    }
  }

  private static String shown(JsonValue value) {
    return value instanceof JsonNumber number
        ? number.toString()
        : "neither a number nor true or false";
  }

  /**
   * Returns a request to load a model with LM Studio's default settings.
   *
   * @param model key of the model in the model list
   * @return the request
   */
  public static LoadRequest of(String model) {
    return new LoadRequest(model, JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * Reads a request from JSON.
   *
   * @param json the request body of {@code /api/v1/models/load}
   * @return the request
   * @throws ValidationException if a field is invalid
   */
  public static LoadRequest of(JsonObject json) {
    return new LoadRequest(ExtraFields.text(json, "model"), JsonText.without(json, OWN));
  }

  /**
   * Returns the request with another context length. Predictions that run at the same time share
   * the context.
   *
   * @param tokens length in tokens, 1 or more
   * @return the changed request
   */
  public LoadRequest withContextLength(int tokens) {
    return with(CONTEXT, JSON.createValue(tokens));
  }

  /**
   * Returns the request with another batch size for processing the prompt.
   *
   * @param tokens size in tokens, 1 or more
   * @return the changed request
   */
  public LoadRequest withEvalBatchSize(int tokens) {
    return with(BATCH, JSON.createValue(tokens));
  }

  /**
   * Returns the request with another number of experts, for mixture-of-experts models.
   *
   * @param count 1 or more
   * @return the changed request
   */
  public LoadRequest withExperts(int count) {
    return with(EXPERTS, JSON.createValue(count));
  }

  /**
   * Returns the request with flash attention switched on or off.
   *
   * @param on true to switch it on
   * @return the changed request
   */
  public LoadRequest withFlashAttention(boolean on) {
    return with(FLASH, on ? JsonValue.TRUE : JsonValue.FALSE);
  }

  /**
   * Returns the request with the key-value cache in the GPU's memory or in main memory.
   *
   * @param on true for the GPU's memory
   * @return the changed request
   */
  public LoadRequest withKvCacheOnGpu(boolean on) {
    return with(KV_CACHE, on ? JsonValue.TRUE : JsonValue.FALSE);
  }

  /**
   * Returns the request with any other setting.
   *
   * @param name name of the field
   * @param value any JSON
   * @return the changed request
   */
  public LoadRequest with(String name, JsonValue value) {
    return new LoadRequest(model, JSON.createObjectBuilder(config).add(name, value).build());
  }

  /** {@return the request body} It asks LM Studio to return the configuration that it used. */
  public JsonObject toJson() {
    return JSON.createObjectBuilder(config)
        .add("model", model)
        .add("echo_load_config", true)
        .build();
  }
}
