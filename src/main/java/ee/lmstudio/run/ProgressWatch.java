package ee.lmstudio.run;

import ee.lmstudio.stream.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Tells the listeners of runs that have not sent text yet what those runs wait for. */
final class ProgressWatch {
  /**
   * A run that is watched.
   *
   * @param queueOnly whether the run is watched only while it waits in the queue; after that, the
   *     run reports its progress itself
   */
  private record Silent(Run run, RunWriter writer, Place place, boolean queueOnly) {}

  private final Set<Silent> silent = ConcurrentHashMap.newKeySet();
  private final Admission admission;
  private final Function<Optional<String>, Optional<Phase>> models;
  private final Duration after;

  /**
   * @param models what LM Studio does for a request that names this model; empty if that is not
   *     known yet; does not block
   * @param after how long a run may be silent before its listeners are told why
   */
  ProgressWatch(
      Admission admission, Function<Optional<String>, Optional<Phase>> models, Duration after) {
    this.admission = admission;
    this.models = models;
    this.after = after;
  }

  /** Watches a run until its first text. */
  void add(Run run, RunWriter writer, Place place) {
    add(new Silent(run, writer, place, false));
  }

  /** Watches a run until its turn comes. After that, the run reports its progress itself. */
  void addQueued(Run run, RunWriter writer, Place place) {
    add(new Silent(run, writer, place, true));
  }

  private void add(Silent one) {
    one.writer.waitsForTurn(one.place);
    silent.add(one);
  }

  /** Checks every watched run once. Called by a timer; does not block. */
  void look() {
    admission.renumber();
    for (Silent one : silent) {
      if (one.writer.answers() || one.run.log().ended()) {
        silent.remove(one);
      } else if (one.place.isWaiting()) {
        one.writer.waitsForTurn(one.place);
      } else if (one.queueOnly) {
        silent.remove(one);
      } else if (one.run.ageNanos() >= after.toNanos()) {
        tell(one);
      }
    }
  }

  private void tell(Silent one) {
    if (one.run.posted()) {
      models
          .apply(one.run.head().modelRequested())
          .ifPresent(phase -> one.writer.waitsFor(phase, 0));
    } else {
      one.writer.waitsFor(Phase.CONNECTING, 0);
    }
  }
}
