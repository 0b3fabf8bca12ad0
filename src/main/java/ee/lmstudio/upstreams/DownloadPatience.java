package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.TimeoutException.Limit;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides how long to wait before the next request for the progress of a download, and when to give
 * up on a download that is paused or stuck. For one thread.
 */
final class DownloadPatience {
  /** The pause between two requests while the download makes progress. */
  static final Duration LEAST = Duration.ofSeconds(1);

  /** The longest pause. The pause doubles after each answer without progress. */
  static final Duration MOST = Duration.ofSeconds(30);

  /** After this time without progress, the wait ends. LM Studio itself may go on downloading. */
  static final Duration STUCK = Duration.ofHours(1);

  private final LongSupplier nanoTime;
  private String newest = "";
  private long since;
  private Duration pause = LEAST;

  /**
   * @param nanoTime returns the current time, like {@link System#nanoTime}
   */
  DownloadPatience(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Returns how long to wait before the next request.
   *
   * @param job LM Studio's last answer
   * @throws TimeoutException if the download has made no progress for {@link #STUCK}
   */
  Duration next(JsonObject job) {
    long now = nanoTime.getAsLong();
    String state =
        "%s %s %s"
            .formatted(job.get("status"), job.get("downloaded_bytes"), job.get("total_size_bytes"));
    if (!state.equals(newest)) {
      newest = state;
      since = now;
      pause = LEAST;
    } else if (now - since >= STUCK.toNanos()) {
      throw new TimeoutException(
          Limit.CALL,
          "The download made no progress for %d ms (its status is %s)"
              .formatted(STUCK.toMillis(), JsonText.string(job, "status").orElse("not known")),
          "Resume the download in LM Studio. Then send the same request again to watch it.");
    } else {
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(MOST) < 0 ? twice : MOST;
    }
    return pause;
  }
}
