package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Usage;
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
  /** Telemetry's one record of it tells the same, and nothing that it must not. */
  void isToldBy(CallRecord call) {
    assertThat(call.method()).isEqualTo(CallMethod.CREATE_CHAT_COMPLETION);
    assertThat(call.outcome())
        .isEqualTo(
            error == null
                ? CallRecord.Outcome.COMPLETED
                : error instanceof CancelledException
                    ? CallRecord.Outcome.CANCELLED
                    : CallRecord.Outcome.FAILED);
    assertThat(call.errorCode().isPresent()).isEqualTo(call.outcome() == CallRecord.Outcome.FAILED);
    if (error instanceof LmStudioException stated && call.errorCode().isPresent()) {
      assertThat(call.errorCode()).hasValue(stated.code());
    }
    if (answer != null) {
      Usage usage = answer.usage();
      assertThat(call.tokens())
          .hasValue(
              new CallRecord.Tokens(
                  usage.promptTokens(), usage.completionTokens(), usage.synthesized()));
      assertThat(call.streams()).isEqualTo(answer.attempts());
    }
    assertThat(call.duration()).isPositive();
    call.firstToken().ifPresent(first -> assertThat(first).isLessThanOrEqualTo(call.duration()));
    assertThat(Canaries.in(call.toString())).isEmpty();
  }

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
