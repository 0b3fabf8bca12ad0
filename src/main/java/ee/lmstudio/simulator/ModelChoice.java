package ee.lmstudio.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Chooses the model that answers a request, by LM Studio's rules. */
final class ModelChoice {
  private static final int EXAMPLES = 3;

  private final SimulatorSettings settings;
  private final LoadedModels loaded;

  ModelChoice(SimulatorSettings settings, LoadedModels loaded) {
    this.settings = settings;
    this.loaded = loaded;
  }

  /**
   * Returns the model for a request.
   *
   * @param asked the model that the request names; empty if it names none
   * @param writing true for a model that generates text, false for an embedding model
   * @throws Refusal if no model fits
   */
  SimulatedModel choose(String asked, boolean writing, Instant now) {
    List<SimulatedModel> models = settings.models();
    Optional<SimulatedModel> named =
        models.stream().filter(model -> model.id().equals(asked)).findFirst();
    if (named.isPresent()) {
      return usable(named.get(), writing, now);
    }
    if (!asked.isEmpty() && settings.version().isCurrent()) {
      throw Refusal.coded(
          "Invalid model identifier \""
              + asked
              + "\". Please specify a valid downloaded model (e.g., "
              + models.stream()
                  .limit(EXAMPLES)
                  .map(SimulatedModel::id)
                  .collect(Collectors.joining(", "))
              + ").",
          "model",
          "model_not_found");
    }
    return loaded
        .firstLoaded(models, writing, now)
        .or(() -> settings.loadsOnDemand() ? first(models, writing) : Optional.empty())
        .orElseThrow(this::noneLoaded);
  }

  private static Optional<SimulatedModel> first(List<SimulatedModel> models, boolean writing) {
    return models.stream().filter(model -> model.writes() == writing).findFirst();
  }

  private SimulatedModel usable(SimulatedModel model, boolean writing, Instant now) {
    if (model.writes() != writing) {
      throw refused(
          "Failed to load model \""
              + model.id()
              + "\". Error: Model is not "
              + (writing ? "llm." : "embedding."));
    }
    if (!settings.loadsOnDemand() && !loaded.isLoaded(model, now)) {
      throw noneLoaded();
    }
    return model;
  }

  private Refusal noneLoaded() {
    return refused(
        "No models loaded. Please load a model in the developer page or use the 'lms load'"
            + " command.");
  }

  private Refusal refused(String message) {
    return settings.version().isCurrent()
        ? Refusal.coded(message, "model", null)
        : Refusal.text(400, message);
  }
}
