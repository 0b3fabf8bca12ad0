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
 * Asks LM Studio whether it is there, at most one question at a time and not more often than
 * needed: whoever asks meanwhile, or within {@link #FRESH} of the answer, gets the same one. For
 * any thread.
 */
final class HealthProbe {
  /** How long an answer is used again. */
  static final Duration FRESH = Duration.ofSeconds(2);

  /** What is said when no answer came in time. */
  static final String TIMEOUT = "upstream_timeout";

  private record Question(CompletableFuture<Optional<String>> answer, Thread thread, Instant at) {}

  private final Runnable healthCheck;
  private final Duration limit;
  private final InstantSource clock;

  /** The last question. Guarded by this. */
  private Question last;

  /**
   * @param healthCheck asks LM Studio; throws if it is not there
   * @param limit how long an answer is waited for
   */
  HealthProbe(Runnable healthCheck, Duration limit, InstantSource clock) {
    this.healthCheck = healthCheck;
    this.limit = limit;
    this.clock = clock;
  }

  /** Why LM Studio cannot be used, as the code of an error; empty if it can. */
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
      throw new IllegalStateException("A probe answers also when it fails", e);
    }
  }

  /** Gives up the question that is being asked, if one is. */
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
