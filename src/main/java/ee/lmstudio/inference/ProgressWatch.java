package ee.lmstudio.inference;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the listeners of streams that have not begun to answer what they wait for. */
final class ProgressWatch {
  private record Silent(GenerationStream stream, LogWriter writer, Place place) {}

  private final Set<Silent> silent = ConcurrentHashMap.newKeySet();
  private final Admission admission;
  private final ModelStates models;
  private final Duration after;

  /**
   * @param after what is quicker needs no word
   */
  ProgressWatch(Admission admission, ModelStates models, Duration after) {
    this.admission = admission;
    this.models = models;
    this.after = after;
  }

  /** Watches a stream until its first text. */
  void add(GenerationStream stream, LogWriter writer, Place place) {
    writer.waitsForTurn(place);
    silent.add(new Silent(stream, writer, place));
  }

  /** Call it now and then. Does not block. */
  void look() {
    admission.renumber();
    for (Silent one : silent) {
      if (one.writer.answers() || one.stream.over()) {
        silent.remove(one);
      } else if (one.place.isWaiting()) {
        one.writer.waitsForTurn(one.place);
      } else if (one.stream.ageNanos() >= after.toNanos()) {
        tell(one);
      }
    }
  }

  private void tell(Silent one) {
    if (one.stream.posted()) {
      models.phaseOf(one.stream.modelRequested()).ifPresent(phase -> one.writer.waitsFor(phase, 0));
    } else {
      one.writer.waitsFor(Phase.CONNECTING, 0);
    }
  }
}
