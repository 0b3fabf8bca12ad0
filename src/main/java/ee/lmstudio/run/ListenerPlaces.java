package ee.lmstudio.run;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.Shares;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * Limits the listeners of each stream, of each caller and of the whole server. A listener is a
 * client that follows an event stream, or to which the server is sending a long state of a stream.
 * Safe for use by any thread.
 */
@ApplicationScoped
public class ListenerPlaces {
  /** Estimated heap of one listener, with its connection and its request, in bytes. */
  static final int COST = 40 * 1024;

  private static final Duration SOON = Duration.ofSeconds(1);

  /** The place of one listener. Close it when the listener leaves; closing twice has no effect. */
  public final class Place implements AutoCloseable {
    private final String stream;
    private final String caller;
    private boolean over;

    private Place(String stream, String caller) {
      this.stream = stream;
      this.caller = caller;
    }

    /** Returns the name of the caller who listens. */
    public String caller() {
      return caller;
    }

    @Override
    public void close() {
      leave(this);
    }
  }

  @Inject ServerSettings settings;
  private final long most;

  // Guarded by this.
  private final Shares<String> byStream = new Shares<>();
  private final Shares<String> byCaller = new Shares<>();

  /** Used by CDI. All listeners together may take 3/16 of the heap. */
  public ListenerPlaces() {
    this(Runtime.getRuntime().maxMemory() / 16 * 3 / COST);
  }

  /**
   * @param most the maximum number of listeners of the whole server
   */
  ListenerPlaces(long most) {
    this.most = most;
  }

  /**
   * Returns a place for a listener of a stream. Unless {@code lm-studio.max-listeners-per-caller}
   * is 0, a caller gets another place only if more places are free than the caller has listeners.
   * So one caller alone gets half of the places, and every other caller finds a free one.
   *
   * @param caller the name of the caller who listens
   * @throws RateLimitedException if the stream or the caller has too many listeners
   * @throws OverloadedException if the server has too many listeners, or the caller has as many as
   *     there are free places
   */
  public synchronized Place enter(Run run, String caller) {
    ServerSettings.Listeners limits = settings.listeners();
    if (isReached(limits.maxPerCaller(), byCaller.of(caller))) {
      throw new RateLimitedException(
          "You have too many listeners (limit %d)".formatted(limits.maxPerCaller()),
          "Close one of your event streams, or ask the operator to raise"
              + " lm-studio.max-listeners-per-caller.",
          SOON);
    }
    if (isReached(limits.maxPerStream(), byStream.of(run.id()))) {
      throw new RateLimitedException(
          "This stream has too many listeners (limit %d)".formatted(limits.maxPerStream()),
          "Close another listener of this stream, or ask the operator to raise"
              + " lm-studio.max-listeners-per-stream.",
          SOON);
    }
    long own = byCaller.of(caller);
    if (byCaller.all() >= most) {
      throw overloaded("The server has too many listeners (limit %d)".formatted(most));
    }
    if (limits.maxPerCaller() > 0 && own >= most - byCaller.all()) {
      throw overloaded(
          "You have as many listeners as the server has free places (%d of %d)"
              .formatted(own, most));
    }
    return enterAlways(run, caller);
  }

  private static OverloadedException overloaded(String message) {
    return new OverloadedException(
        message,
        "Try again later. The operator can start the server with a larger heap (-Xmx).",
        SOON);
  }

  private static boolean isReached(int limit, long count) {
    return limit > 0 && count >= limit;
  }

  /**
   * Returns a place for a listener that cannot be refused: its request has already started or
   * cancelled the stream. The limits of streams bound the number of such listeners.
   */
  public synchronized Place enterAlways(Run run, String caller) {
    byStream.add(run.id(), 1);
    byCaller.add(caller, 1);
    return new Place(run.id(), caller);
  }

  private synchronized void leave(Place place) {
    if (!place.over) {
      place.over = true;
      byStream.remove(place.stream, 1);
      byCaller.remove(place.caller, 1);
    }
  }
}
