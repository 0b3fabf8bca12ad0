package ee.lmstudio.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which models are loaded, and when those that load will be. Safe for use by several threads. */
final class LoadedModels {
  private final Map<String, Instant> readyAt = new ConcurrentHashMap<>();

  /** Those that were loaded from the start, and are not any more. */
  private final Set<String> unloaded = ConcurrentHashMap.newKeySet();

  /** Loads {@code model} unless it is; says when it is ready. */
  Instant load(SimulatedModel model, Instant now) {
    if (model.loadTime().isZero()) {
      unloaded.remove(model.id());
      return now;
    }
    Instant ready = readyAt.computeIfAbsent(model.id(), id -> now.plus(model.loadTime()));
    return ready.isBefore(now) ? now : ready;
  }

  /** Unloads {@code model}; false if it is not loaded. */
  boolean unload(SimulatedModel model, Instant now) {
    if (!isLoaded(model, now)) {
      return false;
    }
    return model.loadTime().isZero()
        ? unloaded.add(model.id())
        : readyAt.remove(model.id()) != null;
  }

  /** {@code loaded}, {@code loading} or {@code not-loaded}, as {@code /api/v0} says it. */
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

  /** The model that answers when none is named, or one that is not there. */
  Optional<SimulatedModel> firstLoaded(List<SimulatedModel> models, boolean writing, Instant now) {
    return models.stream()
        .filter(model -> model.writes() == writing && isLoaded(model, now))
        .findFirst();
  }
}
