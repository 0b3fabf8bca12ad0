package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.simulator.socket.Script;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of the table of upstream faults.
 *
 * @param answers what LM Studio does, request by request
 * @param error what the call throws; null if it completes
 * @param told what the observer is told, the handle left out
 * @param posted generations that LM Studio gets
 */
record FaultRow(
    String name,
    UnaryOperator<LmStudioSettings.Builder> settings,
    List<Script> answers,
    Class<? extends LmStudioException> error,
    String told,
    int posted) {
  private static final Pattern DELTA = Pattern.compile("delta\\((.*?)\\)(?= |$)", Pattern.DOTALL);
  private static final Pattern END = Pattern.compile("completed\\((.*)\\)$");

  static FaultRow when(String name, Script... answers) {
    return new FaultRow(name, UnaryOperator.identity(), List.of(answers), null, "", 0);
  }

  FaultRow with(UnaryOperator<LmStudioSettings.Builder> other) {
    return new FaultRow(name, other, answers, error, told, posted);
  }

  /** The call throws this, after the observer was told this. */
  FaultRow fails(Class<? extends LmStudioException> with, String after, int posts) {
    return new FaultRow(name, settings, answers, with, after, posts);
  }

  FaultRow completes(String after, int posts) {
    return new FaultRow(name, settings, answers, null, after, posts);
  }

  /** Checks the row, and all invariants. */
  void check() {
    try (Invariants invariants = new Invariants(settings)) {
      Outcome outcome = invariants.check(name, expected(), answers);
      assertThat(outcome.told()).isEqualTo("handle " + told);
    }
  }

  private Expected expected() {
    String[] texts =
        Arrays.stream(told.split("reset\\(break\\)")).map(FaultRow::text).toArray(String[]::new);
    if (error != null) {
      return Expected.fails(error, posted, texts);
    }
    Matcher end = END.matcher(told);
    assertThat(end.find()).as("%s completes", told).isTrue();
    return Expected.completes(end.group(1), posted, texts);
  }

  private static String text(String toldOfOneAttempt) {
    StringBuilder text = new StringBuilder();
    DELTA.matcher(toldOfOneAttempt).results().forEach(delta -> text.append(delta.group(1)));
    return text.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
