package ee.lmstudio.stream;

/**
 * A reader's position in a log. It holds a number and no entries, so a slow reader costs no memory.
 *
 * <p>For one thread at a time. Close it when you stop reading.
 */
public final class Cursor implements AutoCloseable {
  private final StreamLog log;
  private final StreamLog.Subscription subscription;
  private long seen;

  private Cursor(StreamLog log, long after, Runnable news) {
    this.log = log;
    this.seen = after > 0 && after <= log.lastCursor() ? after : 0;
    this.subscription = news == null ? () -> {} : log.subscribe(news);
  }

  /** Returns a cursor at the beginning of the log, for one pass over what is there now. */
  public static Cursor open(StreamLog log) {
    return new Cursor(log, 0, null);
  }

  /**
   * Returns a cursor behind entry {@code after}; 0, a negative number, or one beyond the log stands
   * for the beginning.
   *
   * @param news called on the writer's thread after each new entry; it must not block
   */
  public static Cursor open(StreamLog log, long after, Runnable news) {
    return new Cursor(log, after, news);
  }

  /** Returns the next entry; null if there is none yet. */
  public Entry next() {
    return seen == log.lastCursor() ? null : log.entry(++seen);
  }

  /** Returns the cursor of the entry that was read last; 0 before the first. */
  public long position() {
    return seen;
  }

  /** Returns how many characters of text have not been read. */
  public long unreadText() {
    long last = log.lastCursor();
    return last == 0 ? 0 : textUpTo(last) - textUpTo(seen);
  }

  private long textUpTo(long cursor) {
    return cursor == 0 ? 0 : log.entry(cursor).textSoFar();
  }

  /** Passes over the entries up to {@code cursor}, which a snapshot covers. Never goes back. */
  public void skipTo(long cursor) {
    seen = Math.max(seen, cursor);
  }

  /** Returns whether every entry was read and none will follow. */
  public boolean finished() {
    return log.ended() && seen == log.lastCursor();
  }

  /** Ends the subscription to news. Closing twice has no effect. */
  @Override
  public void close() {
    subscription.close();
  }
}
