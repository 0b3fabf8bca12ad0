package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;

/**
 * How a model is loaded.
 *
 * @param contextLength the maximum number of tokens of prompt and answer together
 * @param json the whole configuration, as LM Studio shows it
 */
record LoadConfig(int contextLength, JsonObject json) {
  private static final List<String> OF_LLM =
      List.of("eval_batch_size", "flash_attention", "offload_kv_cache_to_gpu", "num_experts");
  private static final JsonObject DEFAULTS =
      JSON.createObjectBuilder()
          .add("eval_batch_size", 512)
          .add("flash_attention", true)
          .add("offload_kv_cache_to_gpu", true)
          .build();

  /**
   * Returns the configuration that a request asks for.
   *
   * @param body the request to {@code /api/v1/models/load}; an empty one asks for the defaults
   */
  static LoadConfig of(SimulatedModel model, JsonBody body) {
    long asked = body.number("context_length").orElse((long) model.contextLength());
    int contextLength = Math.clamp(asked, 1, model.contextLength());
    JsonObjectBuilder json = JSON.createObjectBuilder().add("context_length", contextLength);
    if (model.writes()) {
      for (String field : OF_LLM) {
        JsonValue wanted = body.value(field);
        if (wanted != JsonValue.NULL) {
          json.add(field, wanted);
        } else if (DEFAULTS.containsKey(field)) {
          json.add(field, DEFAULTS.get(field));
        }
      }
      json.add("parallel", 4);
    }
    return new LoadConfig(contextLength, json.build());
  }
}
