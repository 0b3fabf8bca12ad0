package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;

import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer after which LM Studio says nothing more.
 *
 * @param context which one it is
 * @param came what it says
 * @param answer how it is sent
 */
record Silence(String context, Truth came, Script answer) {
  /** No machine stands still for so long. */
  private static final Duration PATIENT = Duration.ofSeconds(2);

  /**
   * Each ends when its limit runs out: with the text so far and one post; behind a whole answer
   * silence is no fault. If a machine stood still until the limit was over before all had come,
   * that one is asked again with a longer limit.
   *
   * @param firstToken whether the limit is that of the first token, or else of idleness
   */
  static void eachEndsInTime(boolean firstToken, Duration limit, List<Silence> all) {
    Limits limits =
        firstToken
            ? new Limits(LIMIT, LIMIT, LIMIT, limit, LIMIT)
            : new Limits(LIMIT, LIMIT, LIMIT, LIMIT, limit);
    List<Silence> tooEarly = new ArrayList<>();
    try (Invariants invariants = new Invariants(s -> s.limits(limits))) {
      for (Silence silence : all) {
        invariants.check(
            silence.context,
            outcome -> {
              if (limit.compareTo(PATIENT) < 0 && silence.cameTooLate(outcome)) {
                tooEarly.add(silence);
                return Expected.fails(TimeoutException.class, 1, outcome.observer().text())
                    .postedAtLeast(0);
              }
              return silence.expected();
            },
            List.of(silence.answer),
            observer -> {});
      }
    }
    if (!tooEarly.isEmpty()) {
      eachEndsInTime(firstToken, limit.multipliedBy(4), tooEarly);
    }
  }

  private boolean cameTooLate(Outcome outcome) {
    return outcome.error() instanceof TimeoutException
        && came.text().startsWith(outcome.observer().text())
        && (outcome.posted() == 0
            || came.end() == Truth.End.WHOLE
            || !came.text().equals(outcome.observer().text()));
  }

  private Expected expected() {
    return came.end() == Truth.End.WHOLE
        ? Expected.completes(came.finishReason(), 1, came.text())
        : Expected.fails(TimeoutException.class, 1, came.text());
  }
}
