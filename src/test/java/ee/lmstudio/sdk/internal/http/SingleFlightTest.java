package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How callers share work, and how work that may not run together waits. */
@Timeout(60)
class SingleFlightTest {
  private static final String LINE = "line";
  private static final int PLACES = 2;
  private static final int IF_URGENT = 4;
  private static final int MANY = 30;
  private static final Duration ENDLESS = Duration.ZERO;
  private static final Duration NONE = Duration.ofNanos(1);

  private final Upstream upstream =
      new Upstream(LmStudioSettings.at("http://127.0.0.1:1234"), Optional.empty());

  /** What work has begun, and how much may end: work does not react to a cancellation. */
  private final List<UpstreamCall> begun = new CopyOnWriteArrayList<>();

  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void close() {
    mayEnd.release(MANY);
    upstream.close();
  }

  private static SingleFlight<String, String> fresh(Duration patience) {
    return SingleFlight.fresh(key -> LINE, PLACES, IF_URGENT, patience);
  }

  private UpstreamCall begin() {
    UpstreamCall call = upstream.plain(CallMethod.LIST_MODELS);
    begun.add(call);
    return call;
  }

  private String work(String result) {
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    mayEnd.acquireUninterruptibly();
    running.decrementAndGet();
    return result;
  }

  private FutureTask<String> caller(SingleFlight<String, String> flights, String key) {
    return caller(flights, key, upstream, call -> work(key));
  }

  /** Starts a caller, and returns when it waits without a limit, or has ended. */
  private FutureTask<String> caller(
      SingleFlight<String, String> flights,
      String key,
      Upstream view,
      Function<UpstreamCall, String> work) {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              try (UpstreamCall waiting = view.plain(CallMethod.LIST_MODELS)) {
                return flights.join(key, waiting, this::begin, work);
              }
            });
    Thread thread = Thread.ofVirtual().start(task);
    threads.add(thread);
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  private List<FutureTask<String>> callersOfDifferentWork(SingleFlight<String, String> flights) {
    return IntStream.range(0, MANY).mapToObj(i -> caller(flights, "work " + i)).toList();
  }

  private static Throwable failure(FutureTask<String> task) throws InterruptedException {
    try {
      throw new AssertionError("returned " + task.get());
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  @Test
  void differentWork_waitsForAPlaceInItsLine() throws Exception {
    SingleFlight<String, String> flights = fresh(ENDLESS);
    List<FutureTask<String>> callers = callersOfDifferentWork(flights);
    assertThat(begun).hasSize(PLACES);
    mayEnd.release(MANY);
    for (int i = 0; i < MANY; i++) {
      assertThat(callers.get(i).get()).isEqualTo("work " + i);
    }
    assertThat(mostRunning.get()).isLessThanOrEqualTo(PLACES);
  }

  @Test
  void callersWithoutPatience_startMoreWorkUpToALimit() throws Exception {
    SingleFlight<String, String> flights = fresh(NONE);
    List<FutureTask<String>> callers = callersOfDifferentWork(flights);
    assertThat(begun).hasSize(IF_URGENT);
    mayEnd.release(MANY);
    for (FutureTask<String> caller : callers) {
      caller.get();
    }
    assertThat(mostRunning.get()).isLessThanOrEqualTo(IF_URGENT);
  }

  @Test
  void cancelledWork_keepsItsPlaceUntilItsThreadHasEnded() throws Exception {
    SingleFlight<String, String> flights = SingleFlight.inTurn(key -> LINE);
    FutureTask<String> first = caller(flights, "first");
    threads.get(0).interrupt();
    assertThat(failure(first)).isInstanceOf(CancelledException.class);
    FutureTask<String> second = caller(flights, "second");
    assertThat(begun).hasSize(1);
    mayEnd.release(2);
    assertThat(second.get()).isEqualTo("second");
    assertThat(mostRunning.get()).isEqualTo(1);
  }

  @Test
  void limit_appliesToTheWaitForAPlaceToo() {
    SingleFlight<String, String> flights = fresh(Duration.ofHours(1));
    for (String key : List.of("1", "2", "3")) {
      try (UpstreamCall waiting = upstream.plain(CallMethod.CAPABILITIES)) {
        assertThat(flights.await(key, waiting, NONE, this::begin, call -> work(key))).isEmpty();
      }
    }
    assertThat(begun).hasSize(PLACES);
  }

  @Test
  void callersOfFailedWork_getExceptionsOfTheirOwn() throws Exception {
    SingleFlight<String, String> flights = new SingleFlight<>();
    ServerException failed = new ServerException(503, "busy", "Wait.");
    List<FutureTask<String>> callers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      callers.add(
          caller(
              flights,
              "fails",
              upstream,
              call -> {
                work("");
                throw failed;
              }));
    }
    mayEnd.release();
    Throwable one = failure(callers.get(0));
    Throwable other = failure(callers.get(1));
    assertThat(one).isNotSameAs(other);
    for (Throwable each : List.of(one, other)) {
      assertThat(each)
          .isInstanceOfSatisfying(
              ServerException.class,
              copy -> {
                assertThat(copy.status()).isEqualTo(503);
                assertThat(copy).hasMessage("busy");
                assertThat(copy.hint()).isEqualTo("Wait.");
              })
          .isNotSameAs(failed)
          .hasSuppressedException(failed);
      assertThat(Stream.of(each.getStackTrace()))
          .as("frames of the caller")
          .extracting(StackTraceElement::getMethodName)
          .contains("join");
    }
  }

  /** The circuit breaker counts them once. */
  @Test
  void callersWhoseTimeEndsInTheSameWait_haveExceptionsThatNameTheFirst() throws Exception {
    Upstream hasty = upstream.with(CallOptions.builder().callLimit(Duration.ofMillis(1)).build());
    SingleFlight<String, String> flights = new SingleFlight<>();
    FutureTask<String> patient = caller(flights, "hangs");
    Throwable first = failure(caller(flights, "hangs", hasty, call -> work("")));
    Throwable second = failure(caller(flights, "hangs", hasty, call -> work("")));
    assertThat(first).isInstanceOf(TimeoutException.class).hasNoSuppressedExceptions();
    assertThat(second).isInstanceOf(TimeoutException.class).hasSuppressedException(first);
    mayEnd.release();
    patient.get();
  }

  @Test
  void lastCallerWhoLeaves_cancelsTheWork() {
    SingleFlight<String, String> flights = new SingleFlight<>();
    FutureTask<String> first = caller(flights, "work");
    FutureTask<String> second = caller(flights, "work");
    threads.get(0).interrupt();
    assertThatThrownBy(first::get).hasCauseInstanceOf(CancelledException.class);
    begun.get(0).stop().throwIfStopped();
    threads.get(1).interrupt();
    assertThatThrownBy(second::get).hasCauseInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> begun.get(0).stop().throwIfStopped())
        .isInstanceOf(CancelledException.class);
  }
}
