package ee.lmstudio.sdk.internal.detection;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers whether it was checked that the server is not too old. A check counts until the next
 * lost connection, because another server may answer afterwards. A check without a result does not
 * count, but repeated checks without a result are limited in rate. Thread-safe.
 */
final class FloorChecks {
  /** The result of one check. */
  enum Result {
    /** The server's version is known, or the server has none of the endpoints that name it. */
    DONE,
    /** The server refused the key, which says nothing about calls with other keys. */
    KEY_REFUSED,
    /** LM Studio did not answer in time, or was too busy to name its version. */
    NONE
  }

  /**
   * Identifies the time at which a check began.
   *
   * @param losses number of lost connections until then
   * @param failures number of checks without a result until then
   */
  record Begin(int losses, int failures) {}

  /** Number of checks without a result that may follow each other without a pause. */
  private static final int AT_ONCE = 2;

  /** Pause before the next check after {@link #AT_ONCE} checks without a result. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** Maximum number of refused keys that are remembered. */
  private static final int MOST_REFUSED = 100;

  private final InstantSource clock;

  /** Whether no check has counted yet. Written under the lock of this. */
  private volatile boolean due = true;

  // Guarded by this.
  private final Set<Object> refused = new HashSet<>();
  private int losses;
  private int failures;
  private Instant pausedUntil = Instant.MIN;

  FloorChecks(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns whether the next generation must first check the version.
   *
   * @param signIn what the caller sends to sign in
   */
  boolean due(Object signIn) {
    return due && dueFor(signIn);
  }

  private synchronized boolean dueFor(Object signIn) {
    return due && !refused.contains(signIn) && !clock.instant().isBefore(pausedUntil);
  }

  synchronized Begin begin() {
    return new Begin(losses, failures);
  }

  /**
   * Notes the result of a check. If a connection was lost meanwhile, the check does not count. Of
   * several callers that waited for the same check without a result, only the first one counts.
   *
   * @param begin what {@link #begin} returned before the check
   */
  synchronized void ended(Begin begin, Object signIn, Result result) {
    if (losses != begin.losses()) {
      return;
    }
    switch (result) {
      case DONE -> due = false;
      case KEY_REFUSED -> {
        if (refused.size() == MOST_REFUSED) {
          refused.clear();
        }
        refused.add(signIn);
      }
      case NONE -> {
        if (failures == begin.failures()) {
          failures++;
          pausedUntil = failures < AT_ONCE ? Instant.MIN : clock.instant().plus(PAUSE);
        }
      }
    }
  }

  /** Notes that the version became known. */
  synchronized void done() {
    due = false;
  }

  /** Notes that a connection was lost, so that the next generation checks the version. */
  synchronized void lost() {
    losses++;
    again();
  }

  /** Makes the next generation check the version. */
  synchronized void again() {
    due = true;
    failures = 0;
    pausedUntil = Instant.MIN;
    refused.clear();
  }
}
