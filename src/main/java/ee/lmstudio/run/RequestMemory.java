package ee.lmstudio.run;

import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.internal.json.TreeSize;
import jakarta.json.JsonValue;
import java.time.Duration;

/**
 * Limits the memory that the requests of all running and waiting runs take together, and those of
 * each caller. A request is kept until its run has ended, because it may be sent again. Not
 * thread-safe: {@link Admission} guards it.
 */
final class RequestMemory {
  /** The part of all memory that the requests of one caller may take. */
  private static final int CALLERS = 2;

  /**
   * Estimated number of bytes for each character: two in the request itself, and while the request
   * is sent, one in its JSON text and one or two in each of the HTTP client's two copies.
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
   * Takes memory for one request. A caller without any other request needs only that all requests
   * together stay within the limit.
   *
   * @throws RateLimitedException if the caller's requests would take too much
   * @throws OverloadedException if all requests together would take too much
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
          "Wait until a stream has ended. The operator can raise the heap of this server.",
          SOON);
    }
    taken.add(caller, bytes);
  }

  /** Gives back the memory of one request. */
  void giveBack(String caller, long bytes) {
    taken.remove(caller, bytes);
  }
}
