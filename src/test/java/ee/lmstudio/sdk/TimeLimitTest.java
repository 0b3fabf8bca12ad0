package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.TimeoutException.Limit;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every limit ends its call, with the text so far, without a second attempt. Which clock runs when
 * is tested in {@code TimeLimitsTest}, without waiting.
 */
@Timeout(60)
class TimeLimitTest {
  private static final Duration SHORT = Duration.ofMillis(150);

  /** What comes in time does so on a busy machine, too. */
  private static final Duration AMPLE = Duration.ofMillis(2000);

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Limits DEFAULTS = Limits.DEFAULTS;

  /** Classes that are loaded for the first time may take longer than a limit. */
  @BeforeAll
  static void loadClasses() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(respondWithEvents(text("a") + end()));
      assertThat(lmStudio.chat().error()).isNull();
    }
  }

  private static Limits firstToken(Duration limit) {
    return new Limits(DEFAULTS.connect(), LONG, LONG, limit, LONG);
  }

  private static Limits idle(Duration limit) {
    return new Limits(DEFAULTS.connect(), LONG, LONG, LONG, limit);
  }

  private static Limits generation(Duration limit) {
    return new Limits(DEFAULTS.connect(), LONG, limit, LONG, LONG);
  }

  static Stream<Arguments> limits() {
    String role = Chunks.delta("{\"role\":\"assistant\",\"content\":\"\"}");
    Limits either = new Limits(DEFAULTS.connect(), LONG, AMPLE, Duration.ZERO, Duration.ZERO);
    return Stream.of(
        Arguments.of("no headers", firstToken(AMPLE), silent(), Limit.FIRST_TOKEN, ""),
        Arguments.of(
            "no token", firstToken(AMPLE), respondWithEvents(""), Limit.FIRST_TOKEN, "accepted "),
        Arguments.of(
            "a role is no token",
            firstToken(AMPLE),
            respondWithEvents(role + ": comment\n\n"),
            Limit.FIRST_TOKEN,
            "accepted "),
        Arguments.of(
            "silence after a token",
            idle(SHORT),
            respondWithEvents(text("a")),
            Limit.IDLE,
            "accepted delta(a) "),
        Arguments.of("the whole before a token", generation(SHORT), silent(), Limit.GENERATION, ""),
        Arguments.of(
            "the whole after a token",
            generation(AMPLE),
            respondWithEvents(text("a")),
            Limit.GENERATION,
            "accepted delta(a) "),
        Arguments.of(
            "zero switches the others off",
            either,
            respondWithEvents(text("a")),
            Limit.GENERATION,
            "accepted delta(a) "));
  }

  private static Script silent() {
    return respondWithRaw(new byte[0]);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("limits")
  void limitRunsOut_endsTheCallForGood(
      String name, Limits limits, Script answer, Limit limit, String told) throws Exception {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.limits(limits))) {
      Outcome outcome = lmStudio.answering(answer.thenStayOpen()).chat();

      assertThat(outcome.error())
          .isInstanceOfSatisfying(
              TimeoutException.class,
              timeout -> {
                assertThat(timeout.limit()).isEqualTo(limit);
                assertThat(timeout).hasMessageEndingWith(" ms");
                assertThat(timeout.hint()).contains("`" + limit.property() + "`");
              });
      assertThat(outcome.told()).isEqualTo("handle " + told + "failed(upstream_timeout)");
      // The clock of the whole runs from the beginning: on a busy machine it may end an attempt
      // before its request is out.
      assertThat(outcome.posted())
          .isBetween(told.isEmpty() && limit == Limit.GENERATION ? 0L : 1L, 1L);
      if (told.startsWith("accepted")) {
        assertThat(lmStudio.server.awaitStreamClosedByClient(LIMIT)).isTrue();
      }
    }
  }

  @Test
  void plainGeneration_isBoundByTheFirstTokenLimitUntilItsHeaders() {
    try (ScriptedLmStudio lmStudio =
        new ScriptedLmStudio(s -> s.limits(firstToken(SHORT)).streamingEnabled(false))) {
      Outcome outcome = lmStudio.answering(silent().thenStayOpen()).chat();
      assertThat(outcome.error()).isInstanceOf(TimeoutException.class);
      assertThat(outcome.told()).endsWith("downgraded(disabled 0) failed(upstream_timeout)");
    }
  }

  @Test
  void limitOfIdleness_doesNotRunWhileTheCallPauses() {
    try (ScriptedLmStudio lmStudio =
        new ScriptedLmStudio(s -> s.limits(idle(AMPLE)).streamRetryPause(AMPLE.plus(SHORT)))) {
      lmStudio.answering(
          respondWithEvents(text("a")).thenReset(), respondWithEvents(text("b") + end()));
      assertThat(lmStudio.chat().told()).endsWith("reset(break) delta(b) completed(stop)");
    }
  }

  @Test
  void eachAttempt_hasItsOwnFirstTokenLimit() {
    Limits limits = firstToken(AMPLE);
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.limits(limits))) {
      lmStudio.answering(
          respondWithEvents(text("a")).thenClose(), respondWithEvents("").thenStayOpen());
      Outcome outcome = lmStudio.chat();
      assertThat(outcome.told()).isEqualTo("handle accepted delta(a) failed(upstream_timeout)");
      assertThat(outcome.posted()).isEqualTo(2);
    }
  }

  @Test
  void plainCall_isLimitedAsAWhole() {
    Limits limits = new Limits(DEFAULTS.connect(), SHORT, LONG, LONG, LONG);
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.limits(limits))) {
      lmStudio.answering(
          respondWithJson(200, "{\"data\":[]}"), respondWithJson(200, "{\"d").thenStayOpen());
      assertThatThrownBy(() -> lmStudio.sdk.listModels(ModelFilter.ALL))
          .isInstanceOfSatisfying(
              TimeoutException.class, timeout -> assertThat(timeout.limit()).isEqualTo(Limit.CALL))
          .extracting(error -> ((LmStudioException) error).code())
          .isEqualTo("upstream_timeout");
    }
  }
}
