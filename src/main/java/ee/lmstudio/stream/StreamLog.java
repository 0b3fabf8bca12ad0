package ee.lmstudio.stream;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The entries of one stream, in order. This interface is a port: the implementation decides where
 * the entries are kept.
 *
 * <p>One thread at a time appends. Any number of threads read, without waiting for the writer. An
 * entry never changes after it was appended, so that every reader sees the same entries in the same
 * order. The last entry is the one whose event is terminal; nothing follows it.
 */
public interface StreamLog {
  /** Ends a subscription. After {@link #close} returns, no new call of the callback begins. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns what is known of the stream before its first entry. */
  StreamHead head();

  /** Returns when the terminal entry was appended; empty while there is none. */
  Optional<Instant> endedAt();

  /**
   * Appends an entry and calls the callbacks of all subscriptions.
   *
   * @param modelId the requested model or the one that answers; null if none is known
   * @param chunks the chunks of LM Studio that the entry was read from
   * @return the entry; empty if the log had already ended, in which case nothing is appended
   */
  Optional<Entry> append(String modelId, StreamEvent event, Chunks chunks);

  /** Appends an entry that was not read from a chunk. */
  default Optional<Entry> append(String modelId, StreamEvent event) {
    return append(modelId, event, Chunks.NONE);
  }

  /** Returns the cursor of the newest entry; 0 while there is none. */
  long lastCursor();

  /**
   * Returns the entry with this cursor.
   *
   * @param cursor from 1 to {@link #lastCursor()}
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  Entry entry(long cursor);

  /** Returns the events of the entries that the log has now, in their order. */
  default Stream<StreamEvent> events() {
    return LongStream.rangeClosed(1, lastCursor()).mapToObj(cursor -> entry(cursor).event());
  }

  /**
   * Calls {@code news} after each new entry. The call is made on the writer's thread, so it must
   * not block. An exception that it throws is logged and affects neither the writer nor other
   * subscriptions. An entry that was appended before this method returned may cause no call, so
   * check the log once after subscribing.
   */
  Subscription subscribe(Runnable news);

  /**
   * Stores the entries in a more compact form. Call it once, after the last entry.
   *
   * @return approximately how many bytes of memory this released
   */
  long compact();

  /** Returns whether the terminal entry was appended, after which nothing follows. */
  default boolean ended() {
    long last = lastCursor();
    return last > 0 && entry(last).event().last();
  }

  /**
   * Returns whether the work failed before it produced anything, so that the failure is the only
   * entry. Such a log is never shown as a stream: the caller gets the failure as the response.
   */
  default boolean refused() {
    return lastCursor() > 0 && entry(1).event() instanceof StreamEvent.Failed;
  }

  /** Runs {@code action} once, as soon as the log has an entry: now, or on the writer's thread. */
  default void whenBegun(Runnable action) {
    once(() -> lastCursor() > 0, action);
  }

  /** Runs {@code action} once, as soon as the log has ended: now, or on the writer's thread. */
  default void whenEnded(Runnable action) {
    once(this::ended, action);
  }

  private void once(BooleanSupplier condition, Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    // Null until subscribe has returned. In that case the end of this method closes it.
    AtomicReference<Subscription> own = new AtomicReference<>();
    Runnable check =
        () -> {
          if (condition.getAsBoolean() && done.compareAndSet(false, true)) {
            if (own.get() != null) {
              own.get().close();
            }
            action.run();
          }
        };
    own.set(subscribe(check));
    check.run();
    if (done.get()) {
      own.get().close();
    }
  }
}
