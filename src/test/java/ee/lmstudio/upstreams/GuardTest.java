package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a machine's circuit breaker opens and closes, and what its limit refuses. */
class GuardTest {
  private static final int CALLS = 4;
  private static final Duration DELAY = Duration.ofSeconds(5);
  private Instant now = Instant.EPOCH;
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private static final String CALLER = "ann";

  private final Guard guard = guard(CALLS, 0);

  private Guard guard(int breakerCalls, int mostCalls) {
    return new Guard(
        "den",
        new ServerSettings.Guards(breakerCalls, DELAY, 0, 0),
        mostCalls,
        "lm-studio.max-plain-calls",
        clock);
  }

  private static ServerException failure() {
    return new ServerException(500, "m", "h");
  }

  /** Makes calls, each with a failure of its own. */
  private static void fail(Guard guard, int times, Supplier<? extends RuntimeException> failures) {
    for (int i = 0; i < times; i++) {
      RuntimeException failure = failures.get();
      assertThatThrownBy(() -> guard.call(CALLER, throwing(failure))).isSameAs(failure);
    }
  }

  private static Supplier<String> throwing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  private static boolean refuses(Guard guard) {
    try {
      guard.call(CALLER, () -> "sent");
      return false;
    } catch (Guard.Refused refused) {
      return true;
    }
  }

  static Stream<Supplier<RuntimeException>> faultsOfTheMachine() {
    return Stream.of(
        () -> new ConnectionException("m", "h", null), GuardTest::failure, TimeoutException::new);
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheMachine")
  void halfOfTheCallsFailed_opensTheBreaker(Supplier<RuntimeException> failure) {
    guard.call(CALLER, () -> "fine");
    guard.call(CALLER, () -> "fine");
    fail(guard, 2, failure);
    assertThat(refuses(guard)).isTrue();
  }

  /** Callers who list the models at the same time share one call to LM Studio. */
  @Test
  void failureThatSeveralCallsShare_countsOnce() {
    ServerException shared = failure();
    guard.call(CALLER, () -> "fine");
    guard.call(CALLER, () -> "fine");
    fail(guard, 3 * CALLS, shared::copy);
    assertThat(refuses(guard)).isFalse();
    fail(guard, 1, GuardTest::failure);
    assertThat(refuses(guard)).isTrue();
  }

  static Stream<Supplier<RuntimeException>> otherFaults() {
    return Stream.of(
        () -> ValidationException.of("model", "is wrong"),
        () -> new RateLimitedException("m", "h", null),
        () -> new OverloadedException("m", "h", DELAY),
        () -> new CancelledException("m", "h", null));
  }

  @ParameterizedTest
  @MethodSource("otherFaults")
  void faultsOfTheCaller_doNotOpenIt(Supplier<RuntimeException> failure) {
    fail(guard, 3 * CALLS, failure);
    assertThat(refuses(guard)).isFalse();
  }

  static Stream<Consumer<Guard>> callsThatSayNothing() {
    CancelledException cancelled = new CancelledException("m", "h", null);
    Error defect = new StackOverflowError();
    return Stream.of(
        guard -> fail(guard, 1, () -> cancelled),
        guard ->
            assertThatThrownBy(
                    () ->
                        guard.call(
                            CALLER,
                            () -> {
                              throw defect;
                            }))
                .isSameAs(defect),
        guard ->
            assertThatThrownBy(
                    () ->
                        guard.call(
                            CALLER,
                            () -> {
                              refused(guard);
                              throw cancelled;
                            }))
                .isSameAs(cancelled));
  }

  @ParameterizedTest
  @MethodSource("callsThatSayNothing")
  void callThatSaysNothingAboutTheMachine_isNotCounted(Consumer<Guard> call) {
    Guard one = guard(CALLS, 1);
    fail(one, 1, GuardTest::failure);
    one.call(CALLER, () -> "fine");
    for (int i = 0; i < CALLS; i++) {
      call.accept(one);
    }
    fail(one, 1, GuardTest::failure);
    one.call(CALLER, () -> "fine");
    assertThat(refuses(one)).as("half of four calls failed").isTrue();
  }

  @Test
  void openBreaker_letsOneCallThroughAfterItsDelay() {
    fail(guard, CALLS, GuardTest::failure);
    now = now.plus(DELAY).minusMillis(1);
    assertThat(refuses(guard)).isTrue();
    now = Instant.EPOCH.plus(DELAY).plusMillis(1);
    guard.call(
        CALLER,
        () -> {
          assertThat(refuses(guard)).as("a second call at the same time").isTrue();
          return "sent";
        });
    assertThat(refuses(guard)).isFalse();
  }

  @Test
  void firstCallAfterTheDelay_opensTheBreakerAgainIfItFails() {
    fail(guard, CALLS, GuardTest::failure);
    now = Instant.EPOCH.plus(DELAY).plusMillis(1);
    fail(guard, 1, GuardTest::failure);
    now = now.plus(DELAY).minusMillis(1);
    assertThat(refuses(guard)).isTrue();
    now = now.plusMillis(2);
    assertThat(refuses(guard)).isFalse();
  }

  @Test
  void errorInTheTrialCall_doesNotKeepTheBreakerOpen() {
    fail(guard, CALLS, GuardTest::failure);
    now = Instant.EPOCH.plus(DELAY).plusMillis(1);
    Error defect = new StackOverflowError();
    assertThatThrownBy(
            () ->
                guard.call(
                    CALLER,
                    () -> {
                      throw defect;
                    }))
        .isSameAs(defect);
    assertThat(refuses(guard)).isFalse();
  }

  @Test
  void guardOfOneMachine_knowsNothingOfAnother() {
    fail(guard, CALLS, GuardTest::failure);
    assertThat(refuses(guard(CALLS, 0))).isFalse();
  }

  @Test
  void limit_countsOnlyCallsThatRun() {
    Guard two = guard(0, 2);
    two.call("ben", () -> two.call("cid", () -> refused(two)));
    fail(two, 5, GuardTest::failure);
    assertThat(refuses(two)).isFalse();
  }

  @Test
  void oneCaller_leavesHalfOfTheLimitToOthers() {
    Guard four = guard(0, 4);
    four.call(
        CALLER,
        () ->
            four.call(
                CALLER, () -> refused(four) + four.call("ben", () -> four.call("cid", () -> ""))));
    assertThat(refuses(four)).isFalse();
  }

  private static String refused(Guard guard) {
    assertThat(refuses(guard)).isTrue();
    return "checked";
  }

  @Test
  void zero_switchesBreakerAndLimitOff() {
    Guard off = guard(0, 0);
    fail(off, 100, GuardTest::failure);
    assertThat(off.call(CALLER, () -> off.call(CALLER, () -> off.call(CALLER, () -> "sent"))))
        .isEqualTo("sent");
  }
}
