package ee.lmstudio.sdk;

import ee.lmstudio.sdk.model.Completion;
import java.util.List;

/**
 * How a generation went.
 *
 * @param answer null if it did not complete
 * @param error null if it completed
 * @param observer what it was told
 * @param posted generations that LM Studio got
 */
record Outcome(Completion answer, Throwable error, RecordingObserver observer, long posted) {
  String told() {
    return String.join(" ", observer.told);
  }

  /** How often a word that ends a generation was told. */
  long endings() {
    return observer.told.stream()
        .filter(word -> List.of("completed", "failed", "cancelled").contains(word.split("\\(")[0]))
        .count();
  }
}
