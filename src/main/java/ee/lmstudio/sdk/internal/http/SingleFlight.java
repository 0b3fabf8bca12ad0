package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.TimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Shares one piece of work among callers that request it at the same time. The work runs once, as a
 * separate call on its own thread, and each caller receives the result, or its own copy of the
 * {@link LmStudioException} that the work threw. Any other exception is the same object for all
 * callers. If a caller is cancelled or its time limit is exceeded, the other callers continue to
 * wait. When the last caller leaves, the work is cancelled. Thread-safe.
 *
 * @param <K> identifies the work
 * @param <V> the result
 */
public final class SingleFlight<K, V> {
  /** Holds one piece of work. Everything that changes is guarded by the {@link SingleFlight}. */
  private static final class Flight<K, V> {
    final K key;
    final Supplier<UpstreamCall> begin;
    final CompletableFuture<V> result = new CompletableFuture<>();
    Function<UpstreamCall, V> work;

    /** Null until the work begins. */
    UpstreamCall call;

    int waiting;

    /** Whether a caller has waited for longer than {@code patience}. */
    boolean urgent;

    /** The exception of the first caller whose time limit was exceeded; null if there is none. */
    TimeoutException late;

    Flight(K key, Supplier<UpstreamCall> begin, Function<UpstreamCall, V> work) {
      this.key = key;
      this.begin = begin;
      this.work = work;
    }
  }

  /** Whether callers join only work that has not begun. */
  private final boolean fresh;

  /**
   * Returns the line in which work waits for a place. Each line has its own limit of running work.
   */
  private final Function<K, Object> lines;

  private final int places;
  private final int placesIfUrgent;
  private final Duration patience;

  /** The work that callers can join, in the order in which it was requested. Guarded by this. */
  private final Map<K, Flight<K, V>> open = new LinkedHashMap<>();

  /** How many pieces of work run, by line. Guarded by this. */
  private final Map<Object, Integer> running = new HashMap<>();

  private SingleFlight(
      boolean fresh, Function<K, Object> lines, int places, int placesIfUrgent, Duration patience) {
    this.fresh = fresh;
    this.lines = lines;
    this.places = places;
    this.placesIfUrgent = placesIfUrgent;
    this.patience = patience;
  }

  /** Lets callers join work until it ends. */
  public SingleFlight() {
    this(false, key -> key, Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ZERO);
  }

  /** Lets callers join work until it ends. Different work in one line runs one after the other. */
  public static <K, V> SingleFlight<K, V> inTurn(Function<K, Object> lines) {
    return new SingleFlight<>(false, lines, 1, 1, Duration.ZERO);
  }

  /**
   * Lets callers join work only until it begins, so that no result is older than the request for
   * it. Work waits while {@code places} pieces of work run in its line. Because running work may
   * hang, work whose caller has waited for {@code patience} may start while fewer than {@code
   * placesIfUrgent} pieces run.
   *
   * @param patience how long a caller waits until its work may use the additional places; zero: its
   *     work never may
   */
  public static <K, V> SingleFlight<K, V> fresh(
      Function<K, Object> lines, int places, int placesIfUrgent, Duration patience) {
    return new SingleFlight<>(true, lines, places, placesIfUrgent, patience);
  }

  /**
   * Returns the result of work that replaces a request of {@code waiting}. The record of {@code
   * waiting} gets the status and the retries of the work, and the retries are taken from its
   * budget.
   *
   * @param begin begins the call that does the work; the call is closed afterwards
   * @param work does the work
   * @throws LmStudioException if {@code work} threw it, or if {@code waiting} was stopped
   */
  public V join(
      K key, UpstreamCall waiting, Supplier<UpstreamCall> begin, Function<UpstreamCall, V> work) {
    return join(key, waiting, begin, work, work);
  }

  /**
   * Like the other {@code join}, but runs {@code alone} if a place is free. If the work must wait
   * for a place, other callers can join it, so {@code shared} is run.
   *
   * @param alone the work for this caller alone
   * @param shared the work for all callers with this key
   */
  public V join(
      K key,
      UpstreamCall waiting,
      Supplier<UpstreamCall> begin,
      Function<UpstreamCall, V> alone,
      Function<UpstreamCall, V> shared) {
    Flight<K, V> flight = board(key, begin, alone, shared);
    boolean failed = true;
    try {
      V result = result(flight, waiting.stop(), Duration.ZERO).orElseThrow();
      failed = false;
      return result;
    } finally {
      waiting.answeredBy(leave(flight), failed);
    }
  }

  /**
   * Returns the result of work that {@code waiting} needs before its own work.
   *
   * @param limit how long to wait; zero for no limit
   * @return the result; empty if the limit was exceeded
   * @throws LmStudioException if {@code work} threw it, or if {@code waiting} was stopped
   */
  public Optional<V> await(
      K key,
      UpstreamCall waiting,
      Duration limit,
      Supplier<UpstreamCall> begin,
      Function<UpstreamCall, V> work) {
    Flight<K, V> flight = board(key, begin, work, work);
    try {
      return result(flight, waiting.stop(), limit);
    } finally {
      leave(flight);
    }
  }

  private synchronized Flight<K, V> board(
      K key,
      Supplier<UpstreamCall> begin,
      Function<UpstreamCall, V> alone,
      Function<UpstreamCall, V> shared) {
    Flight<K, V> flight = open.get(key);
    if (flight == null) {
      flight = new Flight<>(key, begin, alone);
      open.put(key, flight);
      fill(lines.apply(key));
      if (flight.call == null) {
        flight.work = shared;
      }
    }
    flight.waiting++;
    return flight;
  }

  private synchronized void hurry(Flight<K, V> flight) {
    flight.urgent = true;
    fill(lines.apply(flight.key));
  }

  /** Starts the work that waits in a line, until no place is free. The lock is held. */
  private void fill(Object line) {
    for (Flight<K, V> flight : List.copyOf(open.values())) {
      int most = flight.urgent ? placesIfUrgent : places;
      if (flight.call == null
          && lines.apply(flight.key).equals(line)
          && running.getOrDefault(line, 0) < most) {
        start(line, flight);
      }
    }
  }

  /** Starts work. If that fails, all callers of the work get the exception. The lock is held. */
  private void start(Object line, Flight<K, V> flight) {
    if (fresh) {
      open.remove(flight.key);
    }
    try {
      flight.call = flight.begin.get();
      Thread.ofVirtual().name("lmstudio-shared").start(() -> fly(line, flight));
      running.merge(line, 1, Integer::sum);
    } catch (RuntimeException | Error notStarted) {
      open.remove(flight.key, flight);
      if (flight.call != null) {
        flight.call.close();
        flight.call = null;
      }
      flight.result.completeExceptionally(notStarted);
    }
  }

  private void fly(Object line, Flight<K, V> flight) {
    try (UpstreamCall call = flight.call) {
      V result = flight.work.apply(call);
      landed(line, flight);
      flight.result.complete(result);
    } catch (RuntimeException | Error failed) {
      landed(line, flight);
      flight.result.completeExceptionally(failed);
    }
  }

  /** Removes work that has ended, and gives its place to the work that waits for it. */
  private synchronized void landed(Object line, Flight<K, V> flight) {
    open.remove(flight.key, flight);
    running.computeIfPresent(line, (same, number) -> number == 1 ? null : number - 1);
    fill(line);
  }

  /** Returns the call that does the work; null if the work has not begun. */
  private synchronized UpstreamCall leave(Flight<K, V> flight) {
    flight.waiting--;
    if (flight.waiting == 0) {
      open.remove(flight.key, flight);
      if (flight.call != null) {
        // The work keeps its place until its thread has ended.
        flight.call.cancel();
      }
    }
    return flight.call;
  }

  private Optional<V> result(Flight<K, V> flight, StopSwitch stop, Duration limit) {
    CompletableFuture<V> result = flight.result.copy();
    stop.breakOffBy(() -> result.cancel(false));
    try {
      Duration first = shorter(patience, limit);
      Optional<V> soon = within(first, result);
      if (soon.isPresent() || first.equals(limit)) {
        return soon;
      }
      hurry(flight);
      return within(limit.isZero() ? limit : limit.minus(first), result);
    } catch (CancellationException stopped) {
      throw why(stopped, flight, stop);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.throwIfStoppedOrInterrupted();
      throw new IllegalStateException("Interrupted and not", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LmStudioException failed -> throw failed.copy();
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        default -> throw new IllegalStateException(e);
      }
    } finally {
      stop.nothingToBreakOff();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.isZero() || (!other.isZero() && other.compareTo(one) < 0) ? other : one;
  }

  private static <V> Optional<V> within(Duration limit, CompletableFuture<V> result)
      throws InterruptedException, ExecutionException {
    try {
      return Optional.of(
          limit.isZero() ? result.get() : result.get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (java.util.concurrent.TimeoutException waitedLongEnough) {
      return Optional.empty();
    }
  }

  /**
   * Returns the exception for a caller that was stopped. If several callers time out while they
   * wait for the same work, each later exception contains the first one as suppressed, so that the
   * circuit breaker counts one failure.
   */
  private synchronized RuntimeException why(
      CancellationException stopped, Flight<K, V> flight, StopSwitch stop) {
    try {
      stop.throwIfStopped();
      return stopped;
    } catch (TimeoutException late) {
      if (flight.late == null) {
        flight.late = late;
      } else {
        late.addSuppressed(flight.late);
      }
      return late;
    } catch (LmStudioException other) {
      return other;
    }
  }
}
