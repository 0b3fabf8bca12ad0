package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Shares one piece of work among callers that request it at the same time. The work runs once, as a
 * separate call on its own thread, and each caller receives the result. If a caller is cancelled or
 * its time limit is exceeded, the other callers continue to wait. When the last caller leaves, the
 * work is cancelled. Thread-safe.
 *
 * @param <K> identifies the work
 * @param <V> the result
 */
public final class SingleFlight<K, V> {
  /**
   * Holds what a call returned or threw, for the callers that waited for it.
   *
   * @param value null if the call failed
   * @param failure null if the call has a value
   * @param status the status that decided the call; empty if no answer came
   * @param retries how often a request was sent again
   */
  public record Outcome<T>(T value, LmStudioException failure, OptionalInt status, int retries) {
    /** Does the work of a call, and keeps its result or its exception. */
    public static <T> Outcome<T> of(UpstreamCall call, Function<UpstreamCall, T> work) {
      try {
        T value = work.apply(call);
        return new Outcome<>(value, null, call.status(false), call.trace().retries());
      } catch (LmStudioException failure) {
        return new Outcome<>(null, failure, call.status(true), call.trace().retries());
      }
    }

    /** Returns or throws what the call did. The record of {@code waiting} says it, too. */
    public T forCall(UpstreamCall waiting) {
      waiting.answeredFor(status, retries);
      if (failure != null) {
        throw failure;
      }
      return value;
    }
  }

  /** Holds one piece of work that callers wait for. */
  private static final class Flight<V> {
    final Supplier<UpstreamCall> begin;
    final Function<UpstreamCall, V> work;
    final CompletableFuture<V> result = new CompletableFuture<>();

    /** Null until the work begins. Guarded by the {@link SingleFlight}, like the fields below. */
    UpstreamCall call;

    int waiting;
    boolean over;

    Flight(Supplier<UpstreamCall> begin, Function<UpstreamCall, V> work) {
      this.begin = begin;
      this.work = work;
    }
  }

  /** How long callers of fresh work wait for a place. Longer than a listing usually takes. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How many pieces of the same work may run at a time if callers join only later work; or 0. */
  private final int fresh;

  /** The work that callers can join. Guarded by this. */
  private final Map<K, Flight<V>> open = new HashMap<>();

  /** How many pieces of each work run, if that is limited. Guarded by this. */
  private final Map<K, Integer> running = new HashMap<>();

  /** Lets callers join work until it ends. */
  public SingleFlight() {
    this(0);
  }

  private SingleFlight(int fresh) {
    this.fresh = fresh;
  }

  /**
   * Lets callers join work only until it begins, so that no result is older than the request for
   * it. Work begins at once, unless the same work is already running {@code most} times. Then it
   * begins when one of these ends, but at most {@link #PATIENCE} later.
   */
  public static <K, V> SingleFlight<K, V> fresh(int most) {
    return new SingleFlight<>(most);
  }

  /**
   * Returns the result of {@code work}, which starts only if no other caller is waiting for the
   * same work.
   *
   * @param begin begins the call that does the work; the call is closed afterwards
   * @throws LmStudioException if {@code work} threw it, which every caller receives, or if {@code
   *     waiting} was stopped
   */
  public V join(
      K key, UpstreamCall waiting, Supplier<UpstreamCall> begin, Function<UpstreamCall, V> work) {
    return join(key, waiting, Duration.ZERO, begin, work).orElseThrow();
  }

  /**
   * Returns the result of {@code work}, but waits no longer than {@code limit}.
   *
   * @param limit the limit; zero for no limit
   * @return the result; empty if the limit was exceeded
   */
  public Optional<V> join(
      K key,
      UpstreamCall waiting,
      Duration limit,
      Supplier<UpstreamCall> begin,
      Function<UpstreamCall, V> work) {
    Flight<V> flight = board(key, begin, work);
    try {
      if (fresh > 0) {
        Optional<V> soon = await(flight.result.copy(), waiting.stop(), PATIENCE);
        if (soon.isPresent()) {
          return soon;
        }
        hurry(key, flight);
      }
      return await(flight.result.copy(), waiting.stop(), limit);
    } finally {
      leave(key, flight);
    }
  }

  private synchronized Flight<V> board(
      K key, Supplier<UpstreamCall> begin, Function<UpstreamCall, V> work) {
    Flight<V> flight = open.get(key);
    if (flight == null) {
      flight = new Flight<>(begin, work);
      if (fresh == 0 || running.getOrDefault(key, 0) < fresh) {
        start(key, flight);
      }
      if (!flight.result.isDone() && (fresh == 0 || flight.call == null)) {
        open.put(key, flight);
      }
    }
    flight.waiting++;
    return flight;
  }

  /** Starts work that has waited for too long, because the work that runs may hang. */
  private synchronized void hurry(K key, Flight<V> flight) {
    if (open.remove(key, flight)) {
      start(key, flight);
    }
  }

  /** Starts work. If that fails, all who wait for it get the exception. The lock is held. */
  private void start(K key, Flight<V> flight) {
    try {
      flight.call = flight.begin.get();
      Thread.ofVirtual().name("lmstudio-shared").start(() -> fly(key, flight));
      if (fresh > 0) {
        running.merge(key, 1, Integer::sum);
      }
    } catch (RuntimeException | Error notStarted) {
      if (flight.call != null) {
        flight.call.close();
        flight.call = null;
      }
      flight.result.completeExceptionally(notStarted);
    }
  }

  private void fly(K key, Flight<V> flight) {
    try (UpstreamCall call = flight.call) {
      V result = flight.work.apply(call);
      landed(key, flight);
      flight.result.complete(result);
    } catch (RuntimeException | Error failed) {
      landed(key, flight);
      flight.result.completeExceptionally(failed);
    }
  }

  /** Removes work that has ended or is cancelled, and starts the work that waits for it. */
  private synchronized void landed(K key, Flight<V> flight) {
    open.remove(key, flight);
    if (fresh == 0 || flight.over) {
      return;
    }
    flight.over = true;
    running.computeIfPresent(key, (same, number) -> number == 1 ? null : number - 1);
    Flight<V> next = open.remove(key);
    if (next != null) {
      start(key, next);
    }
  }

  private synchronized void leave(K key, Flight<V> flight) {
    flight.waiting--;
    if (flight.waiting > 0) {
      return;
    }
    if (flight.call == null) {
      open.remove(key, flight);
    } else {
      landed(key, flight);
      flight.call.cancel();
    }
  }

  private static <V> Optional<V> await(
      CompletableFuture<V> result, StopSwitch stop, Duration limit) {
    stop.breakOffBy(() -> result.cancel(false));
    try {
      return Optional.of(
          limit.isZero() ? result.get() : result.get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException waitedLongEnough) {
      return Optional.empty();
    } catch (CancellationException stopped) {
      stop.throwIfStopped();
      throw stopped;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.throwIfStoppedOrInterrupted();
      throw new IllegalStateException("Interrupted and not", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        default -> throw new IllegalStateException(e);
      }
    } finally {
      stop.nothingToBreakOff();
    }
  }
}
