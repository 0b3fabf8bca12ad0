package ee.lmstudio.inference;

/**
 * A listener's place in a log. It holds nothing but a number, so a slow listener costs no memory.
 *
 * <p>One thread at a time. Close it: a stream without listeners is cancelled after its grace.
 */
public final class StreamCursor implements AutoCloseable {
  private final GenerationStream stream;
  private final Runnable waker;
  private int seen;
  private boolean closed;

  StreamCursor(GenerationStream stream, long after, Runnable waker) {
    this.stream = stream;
    this.waker = waker;
    this.seen = after > 0 && after <= stream.log().lastCursor() ? (int) after : 0;
    stream.log().addWaker(waker);
    stream.listenerCame();
  }

  /** The next entry; null if there is none yet. */
  public LogEntry next() {
    if (seen == stream.log().lastCursor()) {
      return null;
    }
    return stream.log().entry(++seen);
  }

  /** The cursor of the entry that was read last; 0 before the first. */
  public int position() {
    return seen;
  }

  /** How many characters of text wait to be read. */
  public long unreadText() {
    int last = stream.log().lastCursor();
    return last == 0 ? 0 : textUpTo(last) - textUpTo(seen);
  }

  private long textUpTo(int cursor) {
    return cursor == 0 ? 0 : stream.log().entry(cursor).textSoFar();
  }

  /** Passes over what a snapshot covers. */
  public void skipTo(int cursor) {
    seen = Math.max(seen, cursor);
  }

  /** Whether every entry was read and none will follow. */
  public boolean finished() {
    return stream.log().ended() && seen == stream.log().lastCursor();
  }

  /** The stream that is read. */
  public GenerationStream stream() {
    return stream;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stream.log().removeWaker(waker);
      stream.listenerLeft();
    }
  }
}
