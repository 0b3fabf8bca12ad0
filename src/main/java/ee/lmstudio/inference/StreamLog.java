package ee.lmstudio.inference;

import java.util.Arrays;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What one stream brought, in order, from its first entry to its last.
 *
 * <p>One writer at a time appends; any number of readers look at it without a lock. Whoever wants
 * to know of new entries is woken on the writer's thread and must not block there.
 */
public final class StreamLog {
  private static final Logger LOG = Logger.getLogger(StreamLog.class.getName());

  private final CopyOnWriteArrayList<Runnable> wakers = new CopyOnWriteArrayList<>();

  // The writer fills a place and then raises the count, which is what readers look at first.
  private volatile LogEntry[] entries = new LogEntry[16];
  private volatile int count;

  // In place before the entries are let go of.
  private volatile PackedEntries packed;

  /** Appends an entry and wakes who waits. Returns it; null if the log had ended. */
  LogEntry append(String modelId, StreamEvent event) {
    LogEntry entry;
    synchronized (this) {
      if (ended()) {
        return null;
      }
      int place = count;
      if (place == entries.length) {
        entries = Arrays.copyOf(entries, place * 2);
      }
      long text = place == 0 ? 0 : entries[place - 1].textSoFar();
      entry = new LogEntry(place + 1L, modelId, event, text + event.textLength());
      entries[place] = entry;
      count = place + 1;
    }
    wakers.forEach(StreamLog::wake);
    return entry;
  }

  /** What goes wrong with one listener is not the writer's fault, nor another listener's. */
  private static void wake(Runnable waker) {
    try {
      waker.run();
    } catch (RuntimeException defect) {
      LOG.log(Level.SEVERE, "A listener failed", defect);
    }
  }

  /** The cursor of the last entry; 0 while there is none. */
  public int lastCursor() {
    return count;
  }

  /** The entry with this cursor, from 1 to {@link #lastCursor()}. */
  public LogEntry entry(int cursor) {
    LogEntry[] live = entries;
    return live == null ? packed.entry(cursor) : live[cursor - 1];
  }

  /** Whether the last entry is there and nothing will follow. */
  public boolean ended() {
    int last = count;
    return last > 0 && entry(last).event().last();
  }

  /**
   * Keeps the same entries in less memory. Call it when the log has ended.
   *
   * @return how many bytes fewer it costs, roughly
   */
  long pack() {
    LogEntry[] live = entries;
    long before = 0;
    for (int i = 0; i < count; i++) {
      before += live[i].weight();
    }
    packed = PackedEntries.of(live, count);
    entries = null;
    return before - packed.weight();
  }

  /** Calls {@code waker} after each new entry, on the writer's thread. It must not block. */
  void addWaker(Runnable waker) {
    wakers.add(waker);
  }

  void removeWaker(Runnable waker) {
    wakers.remove(waker);
  }
}
