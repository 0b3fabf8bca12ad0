package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ModelSummary;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Chooses the model for a request without a model, if no default model is set. Throws an exception
 * if the choice is not unique.
 */
final class UnnamedModel {
  private UnnamedModel() {}

  /** Returns the only loaded language model; if no listing has states, the only language model. */
  static String forText(List<ModelSummary> all) {
    List<ModelSummary> able = all.stream().filter(ModelSummary::generatesText).toList();
    boolean statesKnown = all.stream().anyMatch(model -> model.state().isPresent());
    return only(statesKnown ? loaded(able) : able, able, "no model is loaded");
  }

  /**
   * Returns the only loaded embedding model; if none is loaded, the only embedding model, which LM
   * Studio then loads.
   */
  static String forEmbeddings(List<ModelSummary> all) {
    List<ModelSummary> able =
        all.stream().filter(Predicate.not(ModelSummary::generatesText)).toList();
    List<ModelSummary> loaded = loaded(able);
    return only(loaded.isEmpty() ? able : loaded, able, "LM Studio lists no embedding model");
  }

  private static List<ModelSummary> loaded(List<ModelSummary> models) {
    return models.stream().filter(ModelSummary::loaded).toList();
  }

  private static String only(List<ModelSummary> choice, List<ModelSummary> able, String none) {
    if (choice.size() == 1) {
      return choice.get(0).id();
    }
    int loaded = loaded(able).size();
    throw ValidationException.of(
        "model",
        "is required, because %s%s"
            .formatted(
                choice.isEmpty()
                    ? none
                    : loaded > 1
                        ? loaded + " models are loaded"
                        : "more than one model is possible",
                able.isEmpty()
                    ? ""
                    : able.stream()
                        .sorted(Comparator.comparing(ModelSummary::loaded).reversed())
                        .map(model -> model.id() + (model.loaded() ? " (loaded)" : ""))
                        .collect(Collectors.joining(", ", ". Name one of ", ""))));
  }
}
