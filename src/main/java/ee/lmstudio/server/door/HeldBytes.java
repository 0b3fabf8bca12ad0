package ee.lmstudio.server.door;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Counts the memory that clients take without a request in progress: heads of requests whose end
 * has not arrived, requests that were sent before the answer to an earlier one, and the ends of
 * answers that clients have not read. For each connection it is little, but not for thousands of
 * them. When all together take too much, the connections that take most are closed. For any thread.
 */
final class HeldBytes {
  private static final Logger LOG = Logger.getLogger(HeldBytes.class.getName());

  /** Grizzly's buffers take about twice the bytes that have arrived. */
  private static final int OF_BYTE = 2;

  /** What Grizzly keeps for each piece in which a head arrives, in bytes. */
  private static final int OF_PIECE = 64;

  /** After connections were closed, this part of the limit is free: 1/4. */
  private static final int FREED = 4;

  private final long most;
  private final AtomicLong all = new AtomicLong();

  /** The connections that take something. */
  private final Set<Holder> holders = ConcurrentHashMap.newKeySet();

  /**
   * @param most the limit, in bytes
   */
  HeldBytes(long most) {
    this.most = most;
  }

  /** What one connection takes. Its methods never throw an exception. */
  final class Holder {
    private final IntSupplier unread;
    private final Runnable close;

    // Guarded by this.
    private int received;
    private int pieces;
    private int unreadBefore;
    private long counted;
    private boolean over;

    private Holder(IntSupplier unread, Runnable close) {
      this.unread = unread;
      this.close = close;
    }

    /** Notes that this number of bytes, in one more piece, is not yet a whole head. */
    void headGrew(int bytes) {
      synchronized (this) {
        received = bytes;
        pieces++;
        count();
      }
      giveWay();
    }

    /**
     * Notes that a whole head has arrived.
     *
     * @param more the number of bytes behind the request
     */
    void headArrived(int more) {
      synchronized (this) {
        if (more == 0 && counted == 0 && unread.getAsInt() == 0) {
          return;
        }
        received = more;
        pieces = 0;
        count();
      }
      giveWay();
    }

    /** Notes that a request was answered, although the client may not have read the answer. */
    void answered() {
      synchronized (this) {
        if (counted == 0 && unread.getAsInt() == 0) {
          return;
        }
        count();
      }
      giveWay();
    }

    /** Notes that the connection is closed. */
    synchronized void closed() {
      over = true;
      count();
    }

    private synchronized long look() {
      unreadBefore = Math.min(unreadBefore, unread.getAsInt());
      return set();
    }

    private void count() {
      unreadBefore = unread.getAsInt();
      set();
    }

    private long set() {
      long now = over ? 0 : (long) OF_BYTE * received + (long) OF_PIECE * pieces + unreadBefore;
      all.addAndGet(now - counted);
      counted = now;
      if (now == 0) {
        holders.remove(this);
      } else {
        holders.add(this);
      }
      return now;
    }
  }

  /**
   * Returns the account of a new connection.
   *
   * @param unread how many bytes of answers the client has not read
   * @param close closes the connection
   */
  Holder of(IntSupplier unread, Runnable close) {
    return new Holder(unread, close);
  }

  /** Returns what all connections take, in bytes. */
  long all() {
    return all.get();
  }

  /** What a connection takes at one moment. Other threads may change it meanwhile. */
  private record Taken(Holder holder, long bytes) {}

  /** Closes the connections that take most, if all together take too much. */
  private void giveWay() {
    if (all.get() <= most) {
      return;
    }
    List<Taken> closed = new ArrayList<>();
    synchronized (holders) {
      List<Taken> largest =
          holders.stream()
              .map(holder -> new Taken(holder, holder.look()))
              .sorted(Comparator.comparingLong(Taken::bytes).reversed())
              .toList();
      long now = largest.stream().mapToLong(Taken::bytes).sum();
      if (now <= most) {
        return;
      }
      for (Taken next : largest) {
        if (now <= most - most / FREED) {
          break;
        }
        now -= next.bytes();
        next.holder().closed();
        closed.add(next);
      }
    }
    // Not under the lock: Grizzly tells the application that the connection is closed.
    closed.forEach(next -> next.holder().close.run());
    LOG.log(
        Level.WARNING,
        "{0} connections were closed: unfinished and early requests of clients, and answers that"
            + " they have not read, took more than {1} bytes of memory",
        new Object[] {closed.size(), most});
  }
}
