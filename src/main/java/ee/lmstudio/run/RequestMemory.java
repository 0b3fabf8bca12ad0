package ee.lmstudio.run;

import ee.lmstudio.config.Shares;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.internal.json.TreeSize;
import jakarta.json.JsonValue;
import java.time.Duration;

/**
 * Limits the memory for the requests of all running and waiting runs together, and for those of
 * each caller. A request is kept until its run has ended, because it may be sent again. Not
 * thread-safe: {@link Admission} guards it.
 */
final class RequestMemory {
  /** The requests of one caller may take the limit divided by this number. */
  private static final int CALLERS = 2;

  /**
   * Estimated number of bytes for each character: two in the request itself. While the request is
   * sent, there is also one in its JSON text, and one or two in each of the HTTP client's two
   * copies.
   */
  private static final int CHARACTER = 6;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final long limit;
  private final Shares<String> taken = new Shares<>();

  /**
   * @param limit maximum size in bytes of all requests together
   */
  RequestMemory(long limit) {
    this.limit = limit;
  }

  /** Returns the estimated size in bytes of a request. */
  static long of(JsonValue value) {
    return TreeSize.of(value, CHARACTER);
  }

  /**
   * Takes memory for one request. The limit of one caller does not apply to the caller's only
   * request, and the limit of all callers does not apply if there is no other request at all.
   *
   * @throws RateLimitedException if the caller's requests would take too much memory
   * @throws OverloadedException if all requests together would take too much memory
   */
  void take(String caller, long bytes) {
    long own = taken.of(caller);
    if (own > 0 && own + bytes > limit / CALLERS) {
      throw new RateLimitedException(
          "Your running and waiting requests take too much memory (%d KiB; the limit is %d KiB)"
              .formatted((own + bytes) >> 10, limit / CALLERS >> 10),
          "Wait until one of your streams has ended, or send smaller requests.",
          SOON);
    }
    if (taken.all() > 0 && taken.all() + bytes > limit) {
      throw new OverloadedException(
          "The running and waiting requests take too much memory (limit %d KiB)"
              .formatted(limit >> 10),
          "Wait until a stream has ended. The operator can start the server with a larger heap.",
          SOON);
    }
    taken.add(caller, bytes);
  }

  /** Gives back the memory of one request. */
  void giveBack(String caller, long bytes) {
    taken.remove(caller, bytes);
  }
}
