package ee.lmstudio.sdk.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of models, sorted as LM Studio lists them.
 *
 * @param models may be empty
 * @param nextCursor where the next page begins; empty on the last one
 * @param lmstudioVersion as far as the answers told; empty if they did not
 */
public record ModelPage(
    List<ModelSummary> models, Optional<String> nextCursor, Optional<String> lmstudioVersion) {
  /** Checks that nothing is null, and copies the collections. */
  public ModelPage {
    models = List.copyOf(models);
    Objects.requireNonNull(nextCursor, "nextCursor");
    Objects.requireNonNull(lmstudioVersion, "lmstudioVersion");
  }
}
