package ee.lmstudio.server.door;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.ConnectionProbe;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Knows every open connection, and whether a request is in progress on it. A connection without a
 * request is closed after a while, also if the client keeps sending a head byte by byte. When too
 * many connections are open, those that have been without a request for longest give way to new
 * ones. So a client that opens connections and does not use them keeps nobody out.
 *
 * <p>An address may have a limited number of connections. The addresses of this machine have no
 * such limit, because a proxy in front of the server brings the connections of all clients.
 */
final class Connections extends ConnectionProbe.Adapter {
  private static final Logger LOG = Logger.getLogger(Connections.class.getName());

  /** How often connections are checked. */
  private static final long EVERY_MILLIS = 1_000;

  /** How often a stop checks whether all answers are written. */
  private static final long WRITTEN_EVERY_MILLIS = 10;

  /** How often threads are checked for deadlocks, in checks of the connections. */
  private static final int CHECKS_BETWEEN_LOOKS = 5;

  /** The part of all connections that gives way at once, as a divisor. */
  private static final int GIVE_WAY = 64;

  private static final long REQUEST_IN_PROGRESS = 0;

  /** A connection. It has a request in progress if {@code idleSince} is 0. */
  private static final class Known {
    final InetAddress address;
    volatile long idleSince = now();

    Known(InetAddress address) {
      this.address = address;
    }
  }

  private final Limits limits;
  private final Map<Connection<?>, Known> open = new ConcurrentHashMap<>();
  private final Map<InetAddress, AtomicInteger> byAddress = new ConcurrentHashMap<>();

  Connections(Limits limits) {
    this.limits = limits;
  }

  /** Returns a time that is never 0. */
  private static long now() {
    return System.nanoTime() | 1;
  }

  @Override
  @SuppressWarnings("rawtypes") // As Grizzly declares it.
  public void onAcceptEvent(Connection server, Connection client) {
    if (!(client.getPeerAddress() instanceof InetSocketAddress peer)) {
      return; // It is closed already.
    }
    InetAddress address = peer.getAddress();
    Known known = new Known(address);
    open.put(client, known);
    int ofAddress = byAddress.compute(address, (key, count) -> oneMore(count)).get();
    CloseListener<Connection<?>, CloseType> forget = (closed, how) -> forget(client);
    client.addCloseListener(forget);
    boolean tooMany =
        limits.forEachAddress() > 0
            && ofAddress > limits.forEachAddress()
            && !address.isLoopbackAddress();
    if (tooMany || open.size() > limits.connections() && !makeRoom(client)) {
      LOG.log(Level.FINE, "A connection from {0} was refused", address);
      client.terminateSilently();
    }
  }

  private static AtomicInteger oneMore(AtomicInteger count) {
    AtomicInteger counted = count == null ? new AtomicInteger() : count;
    counted.incrementAndGet();
    return counted;
  }

  private void forget(Connection<?> closed) {
    Known known = open.remove(closed);
    if (known != null) {
      byAddress.computeIfPresent(
          known.address, (key, count) -> count.decrementAndGet() == 0 ? null : count);
    }
  }

  /**
   * Closes the connections that have been without a request for longest, except {@code not}. It
   * closes several, so that not every new connection has to search. Returns whether there were any.
   */
  private boolean makeRoom(Connection<?> not) {
    List<Connection<?>> longest =
        open.entrySet().stream()
            .filter(entry -> entry.getKey() != not && idleNanos(entry.getValue()) > 0)
            .sorted(Comparator.comparingLong(entry -> -idleNanos(entry.getValue())))
            .limit(1 + limits.connections() / GIVE_WAY)
            .<Connection<?>>map(Map.Entry::getKey)
            .toList();
    longest.forEach(Connection::terminateSilently);
    return !longest.isEmpty();
  }

  private static long idleNanos(Known known) {
    long since = known.idleSince;
    return since == REQUEST_IN_PROGRESS ? 0 : System.nanoTime() - since;
  }

  /** Notes that the head of a request has arrived. */
  void requestArrived(Connection<?> connection) {
    Known known = open.get(connection);
    if (known != null) {
      known.idleSince = REQUEST_IN_PROGRESS;
    }
  }

  /** Notes that a request was answered. */
  void answered(Connection<?> connection) {
    Known known = open.get(connection);
    if (known != null) {
      known.idleSince = now();
    }
  }

  /**
   * Closes the connections whose clients have taken longer than {@code limit} to send a request.
   */
  void closeIdle(Duration limit) {
    open.forEach(
        (connection, known) -> {
          if (idleNanos(known) > limit.toNanos()) {
            connection.terminateSilently();
          }
        });
  }

  /**
   * Waits until every answer has been given to the operating system, at most for {@code limit}.
   * Returns how many connections still have an unfinished answer.
   */
  int awaitWritten(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (unwritten() > 0 && end - System.nanoTime() > 0) {
      Thread.sleep(WRITTEN_EVERY_MILLIS);
    }
    return unwritten();
  }

  private int unwritten() {
    return (int)
        open.entrySet().stream()
            .filter(entry -> idleNanos(entry.getValue()) == 0 || hasUnwritten(entry.getKey()))
            .count();
  }

  private static boolean hasUnwritten(Connection<?> connection) {
    return connection instanceof NIOConnection written
        && written.getAsyncWriteQueue().spaceInBytes() > 0;
  }

  int size() {
    return open.size();
  }

  /** Starts the thread that closes idle connections and looks for deadlocks. */
  void watch(Transport transport, Liveness liveness) {
    Thread watch = new Thread(() -> watchUntilStopped(transport, liveness), "lmstudio-door");
    watch.setDaemon(true);
    watch.start();
  }

  private void watchUntilStopped(Transport transport, Liveness liveness) {
    try {
      for (int check = 1; !transport.isStopped(); check++) {
        Thread.sleep(EVERY_MILLIS);
        closeIdle(limits.toAsk());
        if (check % CHECKS_BETWEEN_LOOKS == 0) {
          liveness.look();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
