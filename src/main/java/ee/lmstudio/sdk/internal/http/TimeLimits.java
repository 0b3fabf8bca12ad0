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
 * Stops a call when one of its time limits runs out.
 *
 * <p>The clock's thread looks only when the nearest limit could be due, so that a token costs no
 * more than a note of the time. Zero switches a limit off.
 */
public final class TimeLimits implements AutoCloseable {
  /** How long comments alone keep a stream alive. */
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

  // Written by the call's thread, read by the clock's.
  private volatile Limit quietLimit;
  private volatile long quietSince;
  private volatile boolean answered;
  private long lastEvent;

  // The call's thread only.
  private boolean anyToken;
  private long firstTokenAt;

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

  /** A request goes out: the clock to the first token starts. */
  public void posted() {
    watch(firstToken.isZero() ? null : Limit.FIRST_TOKEN);
  }

  /** Nothing is awaited but the end of the call. */
  public void nothingAwaited() {
    watch(null);
  }

  /** Text, reasoning or a tool fragment came. */
  public void token() {
    lastEvent = nanoTime.getAsLong();
    if (!anyToken) {
      anyToken = true;
      firstTokenAt = lastEvent;
    }
    if (quietLimit == Limit.IDLE || idle.isZero()) {
      quietSince = lastEvent;
      if (idle.isZero() && quietLimit != null) {
        watch(null);
      }
    } else {
      watch(Limit.IDLE);
    }
  }

  /** Something else came, which shows that the stream is alive. */
  public void event() {
    lastEvent = nanoTime.getAsLong();
    if (quietLimit == Limit.IDLE && !answered) {
      quietSince = lastEvent;
    }
  }

  /** The answer is whole: if silence follows, it need not be waited out, and is no fault. */
  public void answered() {
    answered = true;
  }

  /** A comment came. It shows life, but not for ever. */
  public void comment() {
    long now = nanoTime.getAsLong();
    if (quietLimit == Limit.IDLE && !answered && now - lastEvent < COMMENTS_COUNT) {
      quietSince = now;
    }
  }

  /** How long the call has been there. */
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - begun);
  }

  /** How long it was there when its first fragment came; empty if none did. */
  Optional<Duration> firstToken() {
    return anyToken ? Optional.of(Duration.ofNanos(firstTokenAt - begun)) : Optional.empty();
  }

  private void watch(Limit limit) {
    quietSince = nanoTime.getAsLong();
    quietLimit = limit;
    look();
  }

  /** Stops the call if a limit ran out, or comes back when the nearest one could. */
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

  /** The call is over: no limit applies any more. */
  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel(false);
    }
  }
}
