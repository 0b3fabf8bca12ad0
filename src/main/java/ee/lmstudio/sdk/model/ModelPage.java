package ee.lmstudio.sdk.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds a page of models, in the order of LM Studio's listing.
 *
 * @param models the models; may be empty
 * @param nextCursor cursor of the next page; empty on the last page
 * @param lmstudioVersion version of LM Studio; empty if the answers did not name it
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
