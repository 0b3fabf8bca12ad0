package ee.lmstudio.server.door;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Counts the memory that connections take besides requests in progress: request heads whose end has
 * not arrived, requests that were answered before their body had arrived, pipelined requests, and
 * the ends of answers that clients have not read. A pipelined request is one that the client sends
 * before the previous one was answered. For each connection it is little, but not for thousands of
 * them. When all together take too much, connections are closed: the largest one of the network
 * that takes most, again and again, until there is room. Thread-safe.
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
    private final Object network;
    private final IntSupplier unread;
    private final Runnable close;

    // Guarded by this.
    private int received;
    private int pieces;
    private int request;
    private boolean bodyEnded = true;
    private boolean inProgress;
    private int unreadBefore;
    private long counted;
    private boolean over;

    private Holder(Object network, IntSupplier unread, Runnable close) {
      this.network = network;
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
     * Notes that the head of a request has arrived.
     *
     * @param bytes what Grizzly keeps of the request until its body has ended
     * @param hasBody whether a body follows
     * @param behind the number of bytes behind the request, if it has no body
     */
    void requestArrived(int bytes, boolean hasBody, int behind) {
      synchronized (this) {
        request = bytes;
        bodyEnded = !hasBody;
        received = behind;
        pieces = 0;
        count();
      }
      giveWay();
    }

    /** Returns what Grizzly keeps of the last request, in bytes. */
    synchronized int request() {
      return request;
    }

    /** Notes that the request is in progress now. Its memory has other limits. */
    synchronized void handedOver() {
      inProgress = true;
      set(); // Not what is unread: that may be a part of the answer to this request.
    }

    /**
     * Notes that a part of a body has arrived.
     *
     * @param ended whether it is the last one
     * @param behind the number of bytes behind the body
     */
    void bodyArrived(boolean ended, int behind) {
      synchronized (this) {
        bodyEnded = ended;
        received = behind;
        pieces = 0;
        set();
      }
      giveWay();
    }

    /** Notes that a request was answered, although the client may not have read the answer. */
    void answered() {
      synchronized (this) {
        inProgress = false;
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
      long now = over ? 0 : taken();
      if (now != counted) {
        all.addAndGet(now - counted);
        counted = now;
        if (now == 0) {
          holders.remove(this);
        } else {
          holders.add(this);
        }
      }
      return now;
    }

    private long taken() {
      long early = (long) OF_BYTE * received + (long) OF_PIECE * pieces;
      return early + unreadBefore + (inProgress || bodyEnded ? 0 : request);
    }
  }

  /**
   * Returns the account of a new connection.
   *
   * @param network identifies the network that it comes from
   * @param unread how many bytes of answers the client has not read
   * @param close closes the connection
   */
  Holder of(Object network, IntSupplier unread, Runnable close) {
    return new Holder(network, unread, close);
  }

  /** Returns what all connections take, in bytes. */
  long all() {
    return all.get();
  }

  /** What a connection takes at one moment. Other threads may change it meanwhile. */
  private record Taken(Holder holder, long bytes) {
    static final Comparator<Taken> LARGEST_FIRST =
        Comparator.comparingLong(Taken::bytes).reversed();
  }

  /** The connections of one network, and the bytes that its open connections take. */
  private static final class Network {
    final Queue<Taken> connections = new PriorityQueue<>(Taken.LARGEST_FIRST);
    long bytes;

    void add(Taken connection) {
      connections.add(connection);
      bytes += connection.bytes();
    }
  }

  /** Closes connections if all together take too much. */
  private void giveWay() {
    if (all.get() <= most) {
      return;
    }
    List<Holder> closed;
    synchronized (holders) {
      closed = toClose();
      closed.forEach(Holder::closed);
    }
    if (closed.isEmpty()) {
      return; // Another thread has closed some, or the clients have read their answers.
    }
    // Not under the lock: Grizzly tells the application that the connection is closed.
    closed.forEach(HeldBytes::close);
    LOG.log(
        Level.WARNING,
        "{0,choice,1#1 connection was|1<{0} connections were} closed: unfinished and pipelined"
            + " requests, and answers that clients have not read, took more than {1} bytes of"
            + " memory",
        new Object[] {closed.size(), most});
  }

  private static void close(Holder holder) {
    try {
      holder.close.run();
    } catch (RuntimeException defect) {
      LOG.log(Level.SEVERE, "A connection that takes too much memory was not closed", defect);
    }
  }

  private List<Holder> toClose() {
    Map<Object, Network> networks = new HashMap<>();
    long now = 0;
    for (Holder holder : holders) {
      long bytes = holder.look();
      now += bytes;
      networks.computeIfAbsent(holder.network, key -> new Network()).add(new Taken(holder, bytes));
    }
    List<Holder> closed = new ArrayList<>();
    if (now <= most) {
      return closed;
    }
    Queue<Network> largest =
        new PriorityQueue<>(Comparator.comparingLong((Network each) -> each.bytes).reversed());
    largest.addAll(networks.values());
    while (now > most - most / FREED) {
      Network first = largest.remove();
      Taken next = first.connections.remove();
      closed.add(next.holder());
      now -= next.bytes();
      first.bytes -= next.bytes();
      if (!first.connections.isEmpty()) {
        largest.add(first);
      }
    }
    return closed;
  }
}
