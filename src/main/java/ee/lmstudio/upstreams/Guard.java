package ee.lmstudio.upstreams;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.Shares;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.RetryableException;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.exception.AcquirePermissionCancelledException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * Holds the circuit breaker and the call limit for one kind of call to one upstream. If an upstream
 * keeps failing, calls to it are paused for some time. Only a limited number of calls may run at
 * once. The guard never retries a call, because the SDK decides about retries. Only faults of LM
 * Studio count, not those of requests or settings. Thread-safe.
 */
final class Guard {
  /** The share of recent calls that must have failed before the breaker opens. */
  static final int FAILURE_PERCENT = 50;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final String name;
  private final int mostCalls;
  private final String limitSetting;
  private final Duration openFor;
  private final Optional<CircuitBreaker> breaker;
  private final Optional<Bulkhead> limit;

  /** Failures that the breaker knows. */
  private final Set<Throwable> counted = Collections.newSetFromMap(new WeakHashMap<>());

  /** How many calls each caller has running. Guarded by itself. */
  private final Shares<String> running = new Shares<>();

  /**
   * @param name of the upstream, for messages
   * @param mostCalls how many calls may run at once; 0: no limit
   * @param limitSetting the name of the setting for {@code mostCalls}, for messages
   * @param clock measures how long the breaker stays open
   */
  Guard(
      String name,
      ServerSettings.Guards settings,
      int mostCalls,
      String limitSetting,
      Clock clock) {
    this.name = name;
    this.mostCalls = mostCalls;
    this.limitSetting = limitSetting;
    this.openFor = settings.breakerDelay();
    this.breaker =
        settings.breakerCalls() == 0
            ? Optional.empty()
            : Optional.of(CircuitBreaker.of(name, config(settings, clock)));
    this.limit =
        mostCalls == 0
            ? Optional.empty()
            : Optional.of(
                Bulkhead.of(
                    name,
                    BulkheadConfig.custom()
                        .maxConcurrentCalls(mostCalls)
                        .maxWaitDuration(Duration.ZERO)
                        .writableStackTraceEnabled(false)
                        .build()));
  }

  private CircuitBreakerConfig config(ServerSettings.Guards settings, Clock clock) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            settings.breakerCalls(),
            settings.breakerCalls(),
            CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(FAILURE_PERCENT)
        .waitDurationInOpenState(settings.breakerDelay())
        .permittedNumberOfCallsInHalfOpenState(1)
        .recordException(Guard::isFaultOfTheUpstream)
        // None of these says anything new about the upstream: the call was not sent, the caller
        // left, this server failed, or the call shared the failure of another one.
        .ignoreException(
            e ->
                e instanceof BulkheadFullException
                    || e instanceof CancelledException
                    || e instanceof Defect
                    || isCounted(e))
        .clock(clock)
        .writableStackTraceEnabled(false)
        .build();
  }

  /**
   * Returns whether another call failed for the same reason: exceptions of callers who waited for
   * the same work suppress the same exception.
   */
  private boolean isCounted(Throwable e) {
    Throwable reason =
        Stream.of(e.getSuppressed())
            .filter(LmStudioException.class::isInstance)
            .findFirst()
            .orElse(e);
    synchronized (counted) {
      return isFaultOfTheUpstream(e) && !counted.add(reason);
    }
  }

  private static boolean isFaultOfTheUpstream(Throwable e) {
    return e instanceof TimeoutException
        || e instanceof RetryableException
            && !(e instanceof RateLimitedException || e instanceof OverloadedException);
  }

  /**
   * Makes a call, or refuses it without sending anything. A caller gets another call only if more
   * places are free than the caller has calls running. So one caller alone gets half of the places,
   * and every other caller finds a free one.
   *
   * @param caller the name of the caller; calls without a caller count as those of one caller
   * @throws Refused if the breaker is open or too many calls are running
   */
  <T> T call(String caller, Supplier<T> call) {
    enter(caller);
    try {
      return guarded(call);
    } finally {
      leave(caller);
    }
  }

  private void enter(String caller) {
    synchronized (running) {
      long own = running.of(caller);
      if (mostCalls > 0 && own > 0 && own >= mostCalls - running.all()) {
        throw full("Too many calls of this caller to LM Studio (%s) are running (%d)", own);
      }
      running.add(caller, 1);
    }
  }

  private void leave(String caller) {
    synchronized (running) {
      running.remove(caller, 1);
    }
  }

  private Refused full(String message, long calls) {
    return new Refused(
        new OverloadedException(
            message.formatted(name, calls) + ". Nothing was sent",
            "Retry in a second. The operator can raise " + limitSetting + ".",
            SOON));
  }

  private <T> T guarded(Supplier<T> call) {
    Supplier<T> limited =
        limit.map(bulkhead -> Bulkhead.decorateSupplier(bulkhead, call)).orElse(call);
    try {
      return breaker
          .map(open -> CircuitBreaker.decorateSupplier(open, withoutErrors(limited)))
          .orElse(limited)
          .get();
    } catch (Defect defect) {
      throw defect.error;
    } catch (CallNotPermittedException open) {
      throw new Refused(
          new ConnectionException(
              "LM Studio (%s) kept failing, so calls to it are paused. Nothing was sent"
                  .formatted(name),
              "Retry in %d s. The health check shows whether LM Studio answers."
                  .formatted(Math.max(1, openFor.toSeconds())),
              open,
              openFor));
    } catch (AcquirePermissionCancelledException interrupted) {
      throw new CancelledException(
          "The call was cancelled before it was sent", "Send the request again.", interrupted);
    } catch (BulkheadFullException full) {
      throw full("Too many calls to LM Studio (%s) are running (limit %d)", mostCalls);
    }
  }

  /**
   * The breaker does not see an {@link Error}, and would wait for the result of the call forever.
   */
  private static <T> Supplier<T> withoutErrors(Supplier<T> call) {
    return () -> {
      try {
        return call.get();
      } catch (Error error) {
        throw new Defect(error);
      }
    };
  }

  /** Carries an error past the breaker. */
  private static final class Defect extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Error error;

    private Defect(Error error) {
      super(null, error, false, false);
      this.error = error;
    }
  }

  /** Distinguishes a refusal of the guard from an exception of the call itself. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final RetryableException error;

    private Refused(RetryableException error) {
      super(error.getMessage(), error, false, false);
      this.error = error;
    }

    /** Returns the exception that the SDK would throw. */
    RetryableException error() {
      return error;
    }
  }
}
