package ee.lmstudio.stream;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * The entries of one stream, in order, from the first to the last. This is the port: where the
 * entries are kept is for the implementation to decide.
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

  /**
   * Appends an entry and calls the callbacks of all subscriptions.
   *
   * @param modelId the model that was asked for or answers; null if none was named yet
   * @return the entry; empty if the log had ended, and then nothing is appended
   */
  Optional<Entry> append(String modelId, StreamEvent event);

  /** Returns the cursor of the newest entry; 0 while there is none. */
  long lastCursor();

  /**
   * Returns the entry with this cursor.
   *
   * @param cursor from 1 to {@link #lastCursor()}
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  Entry entry(long cursor);

  /**
   * Calls {@code news} after each new entry. The call comes on the writer's thread, so it must not
   * block; an exception that it throws is logged and disturbs neither the writer nor other
   * subscriptions. An entry that was appended before this method returned may cause no call: look
   * at the log once after subscribing.
   */
  Subscription subscribe(Runnable news);

  /**
   * Stores the entries in less memory. Call it once, after the last entry.
   *
   * @return how many bytes of memory this set free, roughly
   */
  long compact();

  /** Returns whether the last entry is there, so that nothing will follow. */
  default boolean ended() {
    long last = lastCursor();
    return last > 0 && entry(last).event().last();
  }

  /**
   * Returns whether the work failed before there was anything to show: the only entry says so. Such
   * a log is never shown as a stream; the caller who began the work is told the failure instead.
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
    // Empty while subscribe has not returned; then the end of this method closes it.
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
