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
 * @param model key of the model, as listed; not blank
 * @param config how to load it, in LM Studio's names; what is not in it is left to LM Studio
 */
public record LoadRequest(String model, JsonObject config) {
  private static final String CONTEXT = "context_length";
  private static final String BATCH = "eval_batch_size";
  private static final String EXPERTS = "num_experts";
  private static final String FLASH = "flash_attention";
  private static final String KV_CACHE = "offload_kv_cache_to_gpu";

  /** What the record's own component, or the SDK, says. */
  private static final Set<String> OWN = Set.of("model", "echo_load_config");

  /**
   * Checks the values.
   *
   * @throws ValidationException if one is wrong; the message names it
   */
  public LoadRequest {
    if (Objects.requireNonNull(model, "model").isBlank()) {
      throw ValidationException.of("model", "is blank; name a model that is listed");
    }
    ExtraFields.check(config, OWN);
    for (String name : List.of(CONTEXT, BATCH, EXPERTS)) {
      if (config.containsKey(name) && !(JsonText.whole(config, name).orElse(0) >= 1)) {
        throw ValidationException.of(
            name, "is " + shown(config.get(name)) + ", allowed is a whole number of 1 or more");
      }
    }
    for (String name : List.of(FLASH, KV_CACHE)) {
      JsonValue value = config.get(name);
      if (value != null && value != JsonValue.TRUE && value != JsonValue.FALSE) {
        throw ValidationException.of(name, "is " + shown(value) + ", allowed is true or false");
      }
    }
  }

  private static String shown(JsonValue value) {
    return value instanceof JsonNumber number ? number.toString() : "no number, nor true or false";
  }

  /**
   * This model, as LM Studio likes to load it.
   *
   * @param model its id, as LM Studio lists it
   * @return the request
   */
  public static LoadRequest of(String model) {
    return new LoadRequest(model, JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * Reads a request as LM Studio takes it.
   *
   * @param json the body of {@code /api/v1/models/load}
   * @return the request
   * @throws ValidationException if a field is wrong
   */
  public static LoadRequest of(JsonObject json) {
    return new LoadRequest(ExtraFields.text(json, "model"), JsonText.without(json, OWN));
  }

  /**
   * With so many tokens for prompt and answer; shared by the predictions that run at once.
   *
   * @param tokens 1 or more
   * @return the request with it
   */
  public LoadRequest withContextLength(int tokens) {
    return with(CONTEXT, JSON.createValue(tokens));
  }

  /**
   * With so many tokens of the prompt processed at a time.
   *
   * @param tokens 1 or more
   * @return the request with it
   */
  public LoadRequest withEvalBatchSize(int tokens) {
    return with(BATCH, JSON.createValue(tokens));
  }

  /**
   * With so many experts, for models that are mixtures of them.
   *
   * @param count 1 or more
   * @return the request with it
   */
  public LoadRequest withExperts(int count) {
    return with(EXPERTS, JSON.createValue(count));
  }

  /**
   * With flash attention, or without.
   *
   * @param on true: with it
   * @return the request with it
   */
  public LoadRequest withFlashAttention(boolean on) {
    return with(FLASH, on ? JsonValue.TRUE : JsonValue.FALSE);
  }

  /**
   * With the key-value cache in the GPU's memory, or not.
   *
   * @param on true: there
   * @return the request with it
   */
  public LoadRequest withKvCacheOnGpu(boolean on) {
    return with(KV_CACHE, on ? JsonValue.TRUE : JsonValue.FALSE);
  }

  /**
   * With any other setting.
   *
   * @param name of the field
   * @param value any JSON
   * @return the request with it
   */
  public LoadRequest with(String name, JsonValue value) {
    return new LoadRequest(model, JSON.createObjectBuilder(config).add(name, value).build());
  }

  /**
   * {@return the request as it is sent} The configuration that LM Studio settles on is asked for.
   */
  public JsonObject toJson() {
    return JSON.createObjectBuilder(config)
        .add("model", model)
        .add("echo_load_config", true)
        .build();
  }
}
