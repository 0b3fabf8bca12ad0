package ee.lmstudio.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The models that are loaded or loading, and when each one is ready. For any thread. */
final class LoadedModels {
  private final Map<String, Instant> readyAt = new ConcurrentHashMap<>();

  /** The models that were loaded at the start and have been unloaded since. */
  private final Set<String> unloaded = ConcurrentHashMap.newKeySet();

  /** How models were loaded by {@code /api/v1/models/load}. */
  private final Map<String, LoadConfig> configs = new ConcurrentHashMap<>();

  /** Loads {@code model} with this configuration, which replaces an earlier one. */
  Instant load(SimulatedModel model, LoadConfig config, Instant now) {
    configs.put(model.id(), config);
    return load(model, now);
  }

  /** Returns how {@code model} is loaded, or would be. */
  LoadConfig config(SimulatedModel model) {
    LoadConfig config = configs.get(model.id());
    return config != null ? config : LoadConfig.of(model, JsonBody.EMPTY);
  }

  /** Returns {@code model} with the context length that it is loaded with. */
  SimulatedModel asLoaded(SimulatedModel model) {
    return new SimulatedModel(
        model.id(), model.kind(), model.loadTime(), config(model).contextLength());
  }

  /** Loads {@code model} unless it is loaded, and returns when it is ready. */
  Instant load(SimulatedModel model, Instant now) {
    if (model.loadTime().isZero()) {
      unloaded.remove(model.id());
      return now;
    }
    Instant ready = readyAt.computeIfAbsent(model.id(), id -> now.plus(model.loadTime()));
    return ready.isBefore(now) ? now : ready;
  }

  /** Unloads {@code model}. Returns false if it is not loaded. */
  boolean unload(SimulatedModel model, Instant now) {
    if (!isLoaded(model, now)) {
      return false;
    }
    configs.remove(model.id());
    return model.loadTime().isZero()
        ? unloaded.add(model.id())
        : readyAt.remove(model.id()) != null;
  }

  /**
   * Returns the state as in {@code /api/v0}: {@code loaded}, {@code loading} or {@code not-loaded}.
   */
  String state(SimulatedModel model, Instant now) {
    if (model.loadTime().isZero()) {
      return unloaded.contains(model.id()) ? "not-loaded" : "loaded";
    }
    Instant ready = readyAt.get(model.id());
    if (ready == null) {
      return "not-loaded";
    }
    return ready.isAfter(now) ? "loading" : "loaded";
  }

  boolean isLoaded(SimulatedModel model, Instant now) {
    return state(model, now).equals("loaded");
  }

  /** Returns the model that answers if a request names no model or an unknown one. */
  Optional<SimulatedModel> firstLoaded(List<SimulatedModel> models, boolean writing, Instant now) {
    return models.stream()
        .filter(model -> model.writes() == writing && isLoaded(model, now))
        .findFirst();
  }
}
