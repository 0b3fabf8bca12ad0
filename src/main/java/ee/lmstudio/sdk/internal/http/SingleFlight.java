package ee.lmstudio.sdk.internal.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
  /** Holds one piece of work that callers wait for. */
  private static final class Flight<V> {
    final UpstreamCall call;
    final CompletableFuture<V> result = new CompletableFuture<>();

    /** Guarded by the {@link SingleFlight}. */
    int waiting;

    Flight(UpstreamCall call) {
      this.call = call;
    }
  }

  /** Guarded by this. */
  private final Map<K, Flight<V>> flights = new HashMap<>();

  /**
   * Returns the result of {@code work}, which starts only if no other caller is waiting for the
   * same work.
   *
   * @param begin begins the call that does the work; the call is closed afterwards
   * @throws ee.lmstudio.sdk.error.LmStudioException if {@code work} threw it, which every caller
   *     receives, or if {@code waiting} was stopped
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
      return await(flight.result.copy(), waiting.stop(), limit);
    } finally {
      leave(key, flight);
    }
  }

  private synchronized Flight<V> board(
      K key, Supplier<UpstreamCall> begin, Function<UpstreamCall, V> work) {
    Flight<V> flight = flights.get(key);
    if (flight == null) {
      Flight<V> first = new Flight<>(begin.get());
      flights.put(key, first);
      Thread.ofVirtual().name("lmstudio-shared").start(() -> fly(key, first, work));
      flight = first;
    }
    flight.waiting++;
    return flight;
  }

  private void fly(K key, Flight<V> flight, Function<UpstreamCall, V> work) {
    try (UpstreamCall call = flight.call) {
      V result = work.apply(call);
      landed(key, flight);
      flight.result.complete(result);
    } catch (RuntimeException | Error failed) {
      landed(key, flight);
      flight.result.completeExceptionally(failed);
    }
  }

  /** Removes the finished work, so that later callers start new work. */
  private synchronized void landed(K key, Flight<V> flight) {
    flights.remove(key, flight);
  }

  private synchronized void leave(K key, Flight<V> flight) {
    flight.waiting--;
    if (flight.waiting == 0) {
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
