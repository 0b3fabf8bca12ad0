package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.function.Function;

/** Lists the models in each of LM Studio's three formats. */
final class ModelLists {
  private final SimulatorSettings settings;
  private final LoadedModels loaded;
  private final Instant now;

  ModelLists(SimulatorSettings settings, LoadedModels loaded, Instant now) {
    this.settings = settings;
    this.loaded = loaded;
    this.now = now;
  }

  /** {@code /v1/models}. */
  JsonObject openAi() {
    return list(
        model ->
            JSON.createObjectBuilder()
                .add("id", model.id())
                .add("object", "model")
                .add("owned_by", "organization_owner"));
  }

  /** {@code /api/v0/models}. */
  JsonObject v0() {
    return list(this::v0);
  }

  /** {@code /api/v0/models/{id}}. */
  JsonObjectBuilder v0(SimulatedModel model) {
    JsonObjectBuilder entry =
        JSON.createObjectBuilder()
            .add("id", model.id())
            .add("object", "model")
            .add("type", model.writes() ? "llm" : "embeddings")
            .add("publisher", "simulator")
            .add("arch", architecture(model))
            .add("compatibility_type", "gguf")
            .add("quantization", "Q4_K_M")
            .add("state", loaded.state(model, now))
            .add("max_context_length", model.contextLength());
    if (loaded.isLoaded(model, now)) {
      entry.add("loaded_context_length", loaded.config(model).contextLength());
    }
    if (model.writes()) {
      entry.add("capabilities", JSON.createArrayBuilder().add("tool_use"));
    }
    return entry;
  }

  /** {@code /api/v1/models}. */
  JsonObject v1() {
    JsonArrayBuilder models = JSON.createArrayBuilder();
    settings.models().forEach(model -> models.add(v1(model)));
    return JSON.createObjectBuilder().add("models", models).build();
  }

  private JsonObjectBuilder v1(SimulatedModel model) {
    JsonObjectBuilder entry =
        JSON.createObjectBuilder()
            .add("type", model.writes() ? "llm" : "embedding")
            .add("publisher", "simulator")
            .add("key", model.id())
            .add("display_name", model.id());
    if (model.writes()) {
      entry.add("architecture", architecture(model));
    }
    entry
        .add(
            "quantization",
            JSON.createObjectBuilder().add("name", "Q4_K_M").add("bits_per_weight", 4))
        .add("size_bytes", 1_000_000L * model.contextLength())
        .add("params_string", JsonValue.NULL)
        .add("loaded_instances", instances(model))
        .add("max_context_length", model.contextLength())
        .add("format", "gguf");
    if (model.writes()) {
      entry.add("capabilities", capabilities(model)).add("description", JsonValue.NULL);
    }
    return entry;
  }

  private JsonArrayBuilder instances(SimulatedModel model) {
    JsonArrayBuilder instances = JSON.createArrayBuilder();
    if (loaded.isLoaded(model, now)) {
      instances.add(
          JSON.createObjectBuilder()
              .add("id", model.id())
              .add("config", loaded.config(model).json()));
    }
    return instances;
  }

  private static JsonObjectBuilder capabilities(SimulatedModel model) {
    JsonObjectBuilder capabilities =
        JSON.createObjectBuilder().add("vision", false).add("trained_for_tool_use", true);
    if (model.kind() == SimulatedModel.Kind.REASONING) {
      capabilities.add(
          "reasoning",
          JSON.createObjectBuilder()
              .add("allowed_options", JSON.createArrayBuilder().add("off").add("on"))
              .add("default", "on"));
    }
    return capabilities;
  }

  private JsonObject list(Function<SimulatedModel, JsonObjectBuilder> entry) {
    JsonArrayBuilder entries = JSON.createArrayBuilder();
    settings.models().forEach(model -> entries.add(entry.apply(model)));
    return JSON.createObjectBuilder().add("data", entries).add("object", "list").build();
  }

  private static String architecture(SimulatedModel model) {
    return model.writes() ? "simulated" : "simulated-bert";
  }
}
