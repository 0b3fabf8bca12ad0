package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;

/** Loads and unloads models as {@code /api/v1/models/load} and {@code /unload} ask for. */
final class ModelLoads {
  private final SimulatorSettings settings;
  private final LoadedModels loaded;
  private final Express express;
  private final Instant now;

  ModelLoads(SimulatorSettings settings, LoadedModels loaded, Express express, Instant now) {
    this.settings = settings;
    this.loaded = loaded;
    this.express = express;
    this.now = now;
  }

  SimulatorReply load(JsonBody body) {
    SimulatedModel model = named(body.text("model").orElse(""));
    LoadConfig config = LoadConfig.of(model, body);
    Duration ready = Duration.between(now, loaded.load(model, config, now));
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("type", model.writes() ? "llm" : "embedding")
            .add("instance_id", model.id())
            .add("load_time_seconds", ready.toMillis() / 1000.0)
            .add("status", "loaded");
    if (body.isTrue("echo_load_config")) {
      json.add("load_config", config.json());
    }
    return express.json(200, JsonStringifier.indented(json.build(), 2), ready);
  }

  SimulatorReply unload(JsonBody body) {
    SimulatedModel model = named(body.text("instance_id").orElse(""));
    if (!loaded.unload(model, now)) {
      throw Refusal.coded(
          "Model instance not found: " + model.id(), "instance_id", "model_not_found");
    }
    return express.json(
        200,
        JsonStringifier.indented(
            JSON.createObjectBuilder().add("instance_id", model.id()).build(), 2),
        Duration.ZERO);
  }

  private SimulatedModel named(String id) {
    return settings.models().stream()
        .filter(model -> model.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Refusal.coded("Model not found: " + id, "model", "model_not_found"));
  }
}
