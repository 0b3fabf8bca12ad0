package ee.lmstudio.upstreams;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.RetryableException;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * The circuit breaker and the limit of one kind of call to one machine. A machine that keeps
 * failing is left alone for a while, and only so many calls wait for it at once. The guard never
 * repeats a call: the SDK does, and knows when. Only faults of LM Studio count, not those of
 * requests or settings. For any thread.
 */
final class Guard {
  /** How large a share of the recent calls must have failed before the breaker opens. */
  static final int FAILURE_PERCENT = 50;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final String name;
  private final int mostCalls;
  private final Duration openFor;
  private final Optional<CircuitBreaker> breaker;
  private final Optional<Bulkhead> limit;

  /**
   * @param name of the machine, for messages
   * @param mostCalls how many calls may run at once; 0: no limit
   * @param clock measures how long the breaker stays open
   */
  Guard(String name, ServerSettings.Guards settings, int mostCalls, Clock clock) {
    this.name = name;
    this.mostCalls = mostCalls;
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

  private static CircuitBreakerConfig config(ServerSettings.Guards settings, Clock clock) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            settings.breakerCalls(),
            settings.breakerCalls(),
            CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(FAILURE_PERCENT)
        .waitDurationInOpenState(settings.breakerDelay())
        .permittedNumberOfCallsInHalfOpenState(1)
        .recordException(Guard::isFaultOfTheMachine)
        // Neither says anything about the machine: the call was not sent, or nobody waited for it.
        .ignoreException(e -> e instanceof BulkheadFullException || e instanceof CancelledException)
        .clock(clock)
        .writableStackTraceEnabled(false)
        .build();
  }

  private static boolean isFaultOfTheMachine(Throwable e) {
    return e instanceof TimeoutException
        || e instanceof RetryableException
            && !(e instanceof RateLimitedException || e instanceof OverloadedException);
  }

  /**
   * Makes a call, or refuses it without sending anything.
   *
   * @throws Refused if the breaker is open or too many calls are running
   */
  <T> T call(Supplier<T> call) {
    Supplier<T> limited =
        limit.map(bulkhead -> Bulkhead.decorateSupplier(bulkhead, call)).orElse(call);
    try {
      return breaker
          .map(open -> CircuitBreaker.decorateSupplier(open, limited))
          .orElse(limited)
          .get();
    } catch (CallNotPermittedException open) {
      throw new Refused(
          new ConnectionException(
              "LM Studio (%s) kept failing, so calls to it are paused. Nothing was sent"
                  .formatted(name),
              "Try again in %d s, and see what the health check says about LM Studio."
                  .formatted(Math.max(1, openFor.toSeconds())),
              open,
              openFor));
    } catch (BulkheadFullException full) {
      throw new Refused(
          new OverloadedException(
              "Too many calls are already waiting for LM Studio (%s; limit %d). Nothing was sent"
                  .formatted(name, mostCalls),
              "Try again in a second.",
              SOON));
    }
  }

  /** Returns whether calls are paused because the machine kept failing. */
  boolean isOpen() {
    return breaker.map(b -> b.getState() == CircuitBreaker.State.OPEN).orElse(false);
  }

  /** Tells the caller apart what the guard refuses from what the call itself throws. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final RetryableException error;

    private Refused(RetryableException error) {
      super(error.getMessage(), error, false, false);
      this.error = error;
    }

    /** Returns what the SDK would throw. */
    RetryableException error() {
      return error;
    }
  }
}
