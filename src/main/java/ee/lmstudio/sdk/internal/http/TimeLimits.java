package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.TimeoutException.Limit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stops a call when one of its time limits is exceeded.
 *
 * <p>The timer thread checks only when the nearest limit may be exceeded, so that each token only
 * has to store the time. Zero switches a limit off.
 */
public final class TimeLimits implements AutoCloseable {
  /** Maximum time for which comments alone keep a stream alive. */
  private static final long COMMENTS_COUNT = TimeUnit.MINUTES.toNanos(10);

  private static final String HINT =
      "The model may still be loading, or the machine may be busy. Send the request again later, or"
          + " raise `%s`.";

  private final ScheduledExecutorService clock;
  private final LongSupplier nanoTime;
  private final StopSwitch stop;
  private final Limit wholeLimit;
  private final Duration whole;
  private final Duration firstToken;
  private final Duration idle;
  private final long begun;

  // Written by the call's thread, read by the timer thread.
  private volatile Limit quietLimit;
  private volatile long quietSince;
  private volatile boolean answered;
  private long lastEvent;

  // Used only by the call's thread.
  private int tokens;
  private long firstTokenAt;
  private long lastTokenAt;

  private ScheduledFuture<?> next;
  private boolean closed;

  TimeLimits(
      ScheduledExecutorService clock,
      LongSupplier nanoTime,
      StopSwitch stop,
      Limit wholeLimit,
      Duration whole,
      Duration firstToken,
      Duration idle) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.stop = stop;
    this.wholeLimit = wholeLimit;
    this.whole = whole;
    this.firstToken = firstToken;
    this.idle = idle;
    look();
  }

  /** Limits one plain call as a whole. */
  public static TimeLimits ofCall(ScheduledExecutorService clock, StopSwitch stop, Duration whole) {
    return new TimeLimits(
        clock, System::nanoTime, stop, Limit.CALL, whole, Duration.ZERO, Duration.ZERO);
  }

  /** Limits a generation: as a whole, to the first token of each attempt, and between tokens. */
  public static TimeLimits ofGeneration(
      ScheduledExecutorService clock,
      StopSwitch stop,
      Duration whole,
      Duration firstToken,
      Duration idle) {
    return new TimeLimits(clock, System::nanoTime, stop, Limit.GENERATION, whole, firstToken, idle);
  }

  /** Starts the limit of the first token, because a request is being sent. */
  public void posted() {
    watch(firstToken.isZero() ? null : Limit.FIRST_TOKEN);
  }

  /** Leaves only the limit of the whole call active. */
  public void nothingAwaited() {
    watch(null);
  }

  /** Notes that text, reasoning or a tool fragment has arrived. */
  public void token() {
    lastEvent = nanoTime.getAsLong();
    if (tokens++ == 0) {
      firstTokenAt = lastEvent;
    }
    lastTokenAt = lastEvent;
    if (quietLimit == Limit.IDLE || idle.isZero()) {
      quietSince = lastEvent;
      if (idle.isZero() && quietLimit != null) {
        watch(null);
      }
    } else {
      watch(Limit.IDLE);
    }
  }

  /** Notes that another event has arrived, which shows that the stream is alive. */
  public void event() {
    lastEvent = nanoTime.getAsLong();
    if (quietLimit == Limit.IDLE && !answered) {
      quietSince = lastEvent;
    }
  }

  /**
   * Notes that the answer is complete. If LM Studio does not close the stream, the idle limit ends
   * the wait without an error.
   */
  public void answered() {
    answered = true;
  }

  /** Notes that a comment has arrived, which keeps the stream alive for a limited time. */
  public void comment() {
    long now = nanoTime.getAsLong();
    if (quietLimit == Limit.IDLE && !answered && now - lastEvent < COMMENTS_COUNT) {
      quietSince = now;
    }
  }

  /** Returns the time since the call started. */
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - begun);
  }

  /** Returns the time from the start of the call to its first token; empty if there was none. */
  Optional<Duration> firstToken() {
    return tokens > 0 ? Optional.of(Duration.ofNanos(firstTokenAt - begun)) : Optional.empty();
  }

  /** Returns how often {@link #token} was called. */
  int tokens() {
    return tokens;
  }

  /** Returns the time from the first token to the last one, of all attempts together. */
  Duration tokenTime() {
    return Duration.ofNanos(lastTokenAt - firstTokenAt);
  }

  private void watch(Limit limit) {
    quietSince = nanoTime.getAsLong();
    quietLimit = limit;
    look();
  }

  /** Stops the call if a limit is exceeded, or schedules the next check for the nearest limit. */
  private synchronized void look() {
    if (closed) {
      return;
    }
    if (next != null) {
      next.cancel(false);
    }
    long now = nanoTime.getAsLong();
    long nearest = left(whole, begun, now);
    Limit due = wholeLimit;
    Limit watched = quietLimit;
    if (watched != null) {
      long quiet = left(of(watched), quietSince, now);
      if (quiet < nearest) {
        nearest = quiet;
        due = watched;
      }
    }
    if (nearest <= 0) {
      closed = true;
      if (answered) {
        stop.breakOff();
      } else {
        stop.stop(new TimeoutException(due, of(due), HINT.formatted(due.property())));
      }
    } else if (nearest < Long.MAX_VALUE) {
      next = clock.schedule(this::look, nearest, TimeUnit.NANOSECONDS);
    }
  }

  private static long left(Duration limit, long since, long now) {
    return limit.isZero() ? Long.MAX_VALUE : limit.toNanos() - (now - since);
  }

  private Duration of(Limit limit) {
    return switch (limit) {
      case FIRST_TOKEN -> firstToken;
      case IDLE -> idle;
      case GENERATION, CALL -> whole;
    };
  }

  /** Ends all limits, because the call has ended. */
  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel(false);
    }
  }
}
