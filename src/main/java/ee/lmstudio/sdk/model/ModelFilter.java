package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Selects the models to list.
 *
 * @param ownedBy exact publisher; empty for all
 * @param status exact {@code status} or {@code state}; empty for all
 * @param limit maximum number of models on a page, 1 to 1,000; empty for all
 * @param cursor {@link ModelPage#nextCursor()} of the previous page; empty for the first page
 */
public record ModelFilter(
    Optional<String> ownedBy, Optional<String> status, OptionalInt limit, Optional<String> cursor) {
  /** All models. */
  public static final ModelFilter ALL =
      new ModelFilter(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

  /**
   * Checks the values.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public ModelFilter {
    Objects.requireNonNull(ownedBy, "ownedBy");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(cursor, "cursor");
    if (limit.isPresent() && (limit.getAsInt() < 1 || limit.getAsInt() > 1000)) {
      throw ValidationException.of(
          "limit", "is " + limit.getAsInt() + "; it must be from 1 to 1000");
    }
  }

  /**
   * {@return whether a model has the publisher and the state of this filter} The limit and the
   * cursor have no effect on the result.
   *
   * @param model the model to check
   */
  public boolean selects(ModelSummary model) {
    return ownedBy.map(by -> model.ownedBy().filter(by::equals).isPresent()).orElse(true)
        && status.map(s -> model.state().filter(s::equals).isPresent()).orElse(true);
  }
}
