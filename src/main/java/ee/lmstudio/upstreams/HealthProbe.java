package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checks whether LM Studio answers. At most one check runs at a time. Callers who ask while it
 * runs, or within {@link #FRESH} of its answer, share that answer. Thread-safe.
 */
final class HealthProbe {
  /** How long an answer is reused. */
  static final Duration FRESH = Duration.ofSeconds(2);

  /** The code that is returned when no answer came in time. */
  static final String TIMEOUT = "upstream_timeout";

  private record Question(CompletableFuture<Optional<String>> answer, Thread thread, Instant at) {}

  private final Runnable healthCheck;
  private final Duration limit;
  private final InstantSource clock;

  /** The latest check. Guarded by this. */
  private Question last;

  /**
   * @param healthCheck asks LM Studio; throws if LM Studio does not answer
   * @param limit how long to wait for an answer
   */
  HealthProbe(Runnable healthCheck, Duration limit, InstantSource clock) {
    this.healthCheck = healthCheck;
    this.limit = limit;
    this.clock = clock;
  }

  /** Returns the error code that says why LM Studio cannot be used; empty if it can be used. */
  Optional<String> fault() {
    Question question = current();
    try {
      return question.answer().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      question.answer().complete(Optional.of(TIMEOUT));
      question.thread().interrupt();
      return Optional.of(TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The probe failed, although it turns every failure into an answer", e);
    }
  }

  /** Interrupts the running check, if there is one. */
  synchronized void close() {
    if (last != null) {
      last.thread().interrupt();
    }
  }

  private synchronized Question current() {
    Instant now = clock.instant();
    boolean usable =
        last != null && (!last.answer().isDone() || now.isBefore(last.at().plus(FRESH)));
    if (!usable) {
      CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
      Thread thread =
          Thread.ofVirtual().name("lmstudio-health-probe").unstarted(() -> answer.complete(ask()));
      last = new Question(answer, thread, now);
      thread.start();
    }
    return last;
  }

  private Optional<String> ask() {
    try {
      healthCheck.run();
      return Optional.empty();
    } catch (LmStudioException e) {
      return Optional.of(e.code());
    } catch (RuntimeException | LinkageError e) {
      System.getLogger(HealthProbe.class.getName())
          .log(System.Logger.Level.ERROR, "The health check of LM Studio failed", e);
      return Optional.of("internal_error");
    }
  }
}
