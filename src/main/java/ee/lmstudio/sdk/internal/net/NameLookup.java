package ee.lmstudio.sdk.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks up names on its own threads, and waits at most for a limit. A DNS lookup blocks the carrier
 * thread of a virtual thread, which would stop the other virtual threads on this carrier.
 *
 * <p>Thread-safe. Close it when no more names are looked up.
 */
public final class NameLookup implements AllowedHosts.Lookup, AutoCloseable {
  private static final int MAX_THREADS = 4;
  private static final int MAX_WAITING = 10_000;
  private static final int IDLE_SECONDS = 10;

  private final AllowedHosts.Lookup slow;
  private final long limitNanos;
  private final ThreadPoolExecutor threads;

  /**
   * @param limit how long to wait for the addresses of a name; zero for no limit
   */
  public NameLookup(Duration limit) {
    this(limit, InetAddress::getAllByName);
  }

  NameLookup(Duration limit, AllowedHosts.Lookup slow) {
    this.slow = slow;
    this.limitNanos = limit.isZero() ? Long.MAX_VALUE : limit.toNanos();
    this.threads =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("lmstudio-names").factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Returns the addresses of {@code name}.
   *
   * @throws UnknownHostException if the name has no address, or the lookup exceeds the limit
   */
  @Override
  public InetAddress[] addressesOf(String name) throws UnknownHostException {
    Future<InetAddress[]> lookup;
    try {
      lookup = threads.submit(() -> slow.addressesOf(name));
    } catch (RejectedExecutionException e) {
      throw unknown(name, "the lookup is closed, or too many names are being looked up", e);
    }
    try {
      return lookup.get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      long millis = TimeUnit.NANOSECONDS.toMillis(limitNanos);
      throw unknown(name, "its address was not found within " + millis + " ms", e);
    } catch (CancellationException e) {
      throw unknown(name, "closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(name, "interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw unknown(name, "its address cannot be found", e.getCause());
    } finally {
      lookup.cancel(true);
    }
  }

  private static UnknownHostException unknown(String name, String why, Throwable cause) {
    UnknownHostException unknown = new UnknownHostException(name + ": " + why);
    unknown.initCause(cause);
    return unknown;
  }

  /** Ends all waits with an {@link UnknownHostException}. */
  @Override
  public void close() {
    // Without this, lookups that were never started would wait until their limit, or forever.
    threads.shutdownNow().forEach(waiting -> ((Future<?>) waiting).cancel(false));
  }
}
