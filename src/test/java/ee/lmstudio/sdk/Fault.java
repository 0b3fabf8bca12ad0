package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.simulator.socket.Script;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One row of the table of upstream faults.
 *
 * @param answers what LM Studio does, request by request
 * @param error what the call throws; null if it completes
 * @param told what the observer is told, the handle left out
 * @param posted generations that LM Studio gets
 */
record Fault(
    String name,
    UnaryOperator<LmStudioSettings.Builder> settings,
    List<Script> answers,
    Class<? extends LmStudioException> error,
    String told,
    int posted) {

  static Fault when(String name, Script... answers) {
    return new Fault(name, UnaryOperator.identity(), List.of(answers), null, "", 0);
  }

  Fault with(UnaryOperator<LmStudioSettings.Builder> other) {
    return new Fault(name, other, answers, error, told, posted);
  }

  /** The call throws this, after the observer was told this. */
  Fault fails(Class<? extends LmStudioException> with, String after, int posts) {
    return new Fault(name, settings, answers, with, after, posts);
  }

  Fault completes(String after, int posts) {
    return new Fault(name, settings, answers, null, after, posts);
  }

  /** Checks the row, and that the next request works. */
  void check() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings)) {
      Outcome outcome = lmStudio.answering(answers.toArray(Script[]::new)).chat();
      if (error == null) {
        assertThat(outcome.error()).isNull();
      } else {
        assertThat(outcome.error()).isExactlyInstanceOf(error);
        LmStudioException thrown = (LmStudioException) outcome.error();
        assertThat(outcome.told()).endsWith("failed(" + thrown.code() + ")");
        assertThat(thrown.hint()).isNotBlank();
        assertThat(thrown.getMessage()).hasSizeLessThan(400);
      }
      assertThat(outcome.told()).isEqualTo("handle " + told);
      assertThat(outcome.endings()).isEqualTo(1);
      assertThat(outcome.posted()).isEqualTo(posted);
      lmStudio.answering(Script.respondWithEvents(Chunks.text("again") + Chunks.end()));
      assertThat(lmStudio.chat().told()).contains("delta(again)").endsWith("completed(stop)");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
