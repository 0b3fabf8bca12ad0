package ee.lmstudio.run;

import jakarta.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Remembers which run an idempotency key has started, for as long as the run's stream can be read.
 * For any thread.
 */
final class IdempotentRuns {
  private record Key(String owner, String key) {}

  private record Known(String request, Run run) {}

  private final Map<Key, Known> known = new ConcurrentHashMap<>();
  private final Predicate<Run> readable;
  private final Predicate<Run> abandoned;

  /**
   * @param readable whether the stream of a run can still be read
   * @param abandoned whether a run has no result because every client that wanted it had left; a
   *     repeated request starts such a run again
   */
  IdempotentRuns(Predicate<Run> readable, Predicate<Run> abandoned) {
    this.readable = readable;
    this.abandoned = abandoned;
  }

  /**
   * Returns the run that this key has started. Starts a run if there is none, or if that run was
   * abandoned. If several threads call this method with the same key at the same time, only one of
   * them starts a run.
   *
   * @param target the path of the request, with its query
   * @param body the whole body of the request
   * @return empty if the key has started a run with another target or body
   */
  Optional<StartedRun> startOrFind(
      String owner, String key, String target, JsonObject body, Supplier<Run> start) {
    String request = PromptHash.of(body) + " " + target;
    boolean[] found = {true};
    Known run =
        known.compute(
            new Key(owner, key),
            (same, before) -> {
              if (before != null && readable.test(before.run())) {
                boolean again = before.request().equals(request) && abandoned.test(before.run());
                if (!again) {
                  return before;
                }
              }
              found[0] = false;
              return new Known(request, start.get());
            });
    return run.request().equals(request)
        ? Optional.of(new StartedRun(run.run(), found[0]))
        : Optional.empty();
  }

  /** Returns how many keys are remembered. */
  int size() {
    return known.size();
  }

  /** Forgets the keys of runs whose streams cannot be read any more. */
  void tidy() {
    known.values().removeIf(one -> !readable.test(one.run()));
  }
}
