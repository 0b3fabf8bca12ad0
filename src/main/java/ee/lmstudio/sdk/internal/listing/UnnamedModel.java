package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ModelSummary;
import java.util.List;
import java.util.function.Predicate;

/** Which model is asked when a request names none and there is no default: one, or a fault. */
final class UnnamedModel {
  private UnnamedModel() {}

  /** The only language model that is loaded; where no listing tells states, the only one. */
  static String forText(List<ModelSummary> all) {
    List<ModelSummary> able = all.stream().filter(ModelSummary::generatesText).toList();
    boolean statesKnown = all.stream().anyMatch(model -> model.state().isPresent());
    return only(statesKnown ? loaded(able) : able, able, "no model is loaded");
  }

  /** The only embedding model that is loaded; if none is, the only one: LM Studio loads it. */
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
        "is missing, and %s: name one of %s"
            .formatted(
                choice.isEmpty()
                    ? none
                    : loaded > 1 ? loaded + " models are loaded" : "several could be meant",
                able.stream().map(ModelSummary::id).toList()));
  }
}
