package ee.lmstudio.server.door;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * request is closed after {@link Limits#toAsk}, even if the client keeps sending the head of a
 * request byte by byte. When too many connections are open, those that have been without a request
 * for longest are closed. So a client that opens connections without using them does not keep other
 * clients out.
 *
 * <p>An address may have a limited number of connections. With IPv6, all addresses of a /64 count
 * as one. Loopback addresses have no such limit, because a proxy on this machine brings the
 * connections of all clients.
 */
final class Connections extends ConnectionProbe.Adapter {
  private static final Logger LOG = Logger.getLogger(Connections.class.getName());

  /** How often connections are checked. */
  private static final long EVERY_MILLIS = 1_000;

  /** How often a stop checks whether all answers are written. */
  private static final long WRITTEN_EVERY_MILLIS = 10;

  /** The number of checks of the connections between two searches for deadlocked threads. */
  private static final int CHECKS_BETWEEN_LOOKS = 5;

  /** When there are too many connections, this part of the limit is closed at once: 1/64. */
  private static final int GIVE_WAY = 64;

  private static final long REQUEST_IN_PROGRESS = 0;

  /**
   * Maximum number of bytes of earlier answers that may wait in the heap when another request
   * arrives. GrizzlyRequest in the WAR, which this jar cannot see, has the same limit.
   */
  static final int MOST_UNREAD = 16 * 1024;

  private static final Object CLOSED = new Object();

  /** What is known of a connection. It has a request in progress if {@code idleSince} is 0. */
  private static final class Known {
    final Networks.Network network;
    final HeldBytes.Holder held;
    volatile long idleSince = now();

    /**
     * How many bytes of pipelined requests arrived together with the head of the last request; 0 if
     * that request has a body.
     */
    volatile int behind;

    Known(Networks.Network network, HeldBytes.Holder held) {
      this.network = network;
      this.held = held;
    }
  }

  private final Limits limits;
  private final Map<Connection<?>, Known> open = new ConcurrentHashMap<>();
  private final Networks networks = new Networks();
  private final HeldBytes held;

  Connections(Limits limits) {
    this.limits = limits;
    this.held = new HeldBytes(limits.held());
  }

  /** Returns the current time in nanoseconds, which is never 0. */
  private static long now() {
    return System.nanoTime() | 1;
  }

  /** Never throws an exception, because Grizzly would then close the listening socket. */
  @Override
  @SuppressWarnings("rawtypes") // As Grizzly declares it.
  public void onAcceptEvent(Connection server, Connection client) {
    try {
      accepted(client);
    } catch (RuntimeException defect) {
      LOG.log(Level.SEVERE, "A connection was refused because of a defect", defect);
      client.terminateSilently();
    }
  }

  private void accepted(Connection<?> client) {
    if (!(client.getPeerAddress() instanceof InetSocketAddress peer)) {
      return; // It is closed already.
    }
    InetAddress address = peer.getAddress();
    Networks.Network network = networks.opened(address);
    Known known =
        new Known(
            network,
            held.of(
                network.address(), () -> unwrittenBytes(client), () -> client.terminateSilently()));
    open.put(client, known);
    CloseListener<Connection<?>, CloseType> forget = (closed, how) -> forget(client);
    client.addCloseListener(forget);
    boolean tooMany =
        limits.forEachAddress() > 0
            && network.open() > limits.forEachAddress()
            && !address.isLoopbackAddress();
    if (tooMany) {
      refuse(client, address, Limits.FOR_EACH_ADDRESS, limits.forEachAddress());
    } else if (open.size() > limits.connections() && !makeRoom(client)) {
      refuse(client, address, Limits.CONNECTIONS, limits.connections());
    }
  }

  private static void refuse(Connection<?> client, InetAddress address, String setting, int limit) {
    LOG.log(
        Level.WARNING,
        "A connection from {0} was closed at once: {1} is {2}",
        new Object[] {address.getHostAddress(), setting, limit});
    client.terminateSilently();
  }

  private void forget(Connection<?> closed) {
    Known known = open.remove(closed);
    if (known != null) {
      known.held.closed();
      networks.closed(known.network);
    }
  }

  /**
   * Closes the connections that have been without a request for longest, except {@code not}. Those
   * whose clients have not read the end of an answer come last. It closes several of them, so that
   * not every new connection has to search. Returns whether it closed any.
   */
  private boolean makeRoom(Connection<?> not) {
    long now = System.nanoTime();
    List<Idle> longest =
        open.entrySet().stream()
            .filter(entry -> entry.getKey() != not)
            .map(entry -> Idle.of(entry.getKey(), entry.getValue(), now))
            .filter(idle -> idle.nanos() > 0)
            .sorted(Idle.FIRST_TO_CLOSE)
            .limit(1 + limits.connections() / GIVE_WAY)
            .toList();
    longest.forEach(idle -> idle.connection().terminateSilently());
    return !longest.isEmpty();
  }

  /**
   * The state of a connection at one moment. Another thread may change the connection meanwhile.
   *
   * @param nanos how long it has had no request; 0 if it has one
   * @param unwritten whether a part of its last answer waits for the client
   */
  private record Idle(Connection<?> connection, long nanos, boolean unwritten) {
    static final Comparator<Idle> FIRST_TO_CLOSE =
        Comparator.comparing(Idle::unwritten)
            .thenComparing(Comparator.comparingLong(Idle::nanos).reversed());

    static Idle of(Connection<?> connection, Known known, long now) {
      long since = known.idleSince;
      long nanos = since == REQUEST_IN_PROGRESS ? 0 : now - since;
      return new Idle(connection, nanos, unwrittenBytes(connection) > 0);
    }
  }

  /** Returns what counts as one address; the same for all connections that are closed already. */
  Object network(Connection<?> connection) {
    Known known = open.get(connection);
    return known == null ? CLOSED : known.network.address();
  }

  /** Returns whether the network of a connection is crowded. */
  boolean isCrowded(Connection<?> connection) {
    Known known = open.get(connection);
    return known != null && known.network.isCrowded();
  }

  /** Marks the network of a connection as crowded: the door had no room for its request. */
  void refused(Connection<?> connection) {
    Known known = open.get(connection);
    if (known != null) {
      networks.refused(known.network);
    }
  }

  /** Returns what the last request took in memory when it arrived, in bytes. */
  int bytes(Connection<?> connection) {
    Known known = open.get(connection);
    return known == null ? DoorCodec.OF_REQUEST : known.held.request();
  }

  /** Notes that this number of bytes of a head has arrived, but not its end. */
  void headGrew(Connection<?> connection, int bytes) {
    Known known = open.get(connection);
    if (known != null) {
      known.held.headGrew(bytes);
    }
  }

  /**
   * Notes that the head of a request has arrived. If the client has not read {@link #MOST_UNREAD}
   * bytes of the answers to its earlier requests, the connection is closed. So a client that sends
   * requests without reading cannot fill the heap, whether Payara, the application or the door
   * would answer them.
   *
   * @param bytes what the request takes in memory, with all that arrived together with its head
   * @param hasBody whether a body follows
   * @param behind how many bytes of pipelined requests have arrived behind it; 0 if it has a body,
   *     because {@link CountedBody} counts them then
   * @return whether the request may be answered
   */
  boolean requestArrived(Connection<?> connection, int bytes, boolean hasBody, int behind) {
    if (unwrittenBytes(connection) > MOST_UNREAD) {
      connection.terminateSilently();
      return false;
    }
    Known known = open.get(connection);
    if (known != null) {
      if (hasBody) {
        known.idleSince = now(); // The first chunk of its body may be late, see handedOver.
      }
      known.behind = behind;
      known.held.requestArrived(bytes, hasBody, behind);
    }
    return connection.isOpen(); // It may just have been closed because of what it takes.
  }

  /**
   * Notes that a request is in progress now. Grizzly does not pass on a chunked request until the
   * size line of its first chunk is complete. Until then, the request counts as unfinished, like a
   * head.
   */
  void handedOver(Connection<?> connection) {
    Known known = open.get(connection);
    if (known != null) {
      known.idleSince = REQUEST_IN_PROGRESS;
      known.held.handedOver();
    }
  }

  /**
   * Notes that a part of a body has arrived.
   *
   * @param ended whether it is the last one
   * @param behind the number of bytes behind the body; 0 if it has not ended
   */
  void bodyArrived(Connection<?> connection, boolean ended, int behind) {
    Known known = open.get(connection);
    if (known != null) {
      known.held.bodyArrived(ended, behind);
    }
  }

  /**
   * Returns how many bytes of pipelined requests arrived together with the head of the last
   * request; 0 if that request has a body.
   */
  int behind(Connection<?> connection) {
    Known known = open.get(connection);
    return known == null ? 0 : known.behind;
  }

  /** Notes that a request was answered, or refused because it could not be read. */
  void answered(Connection<?> connection) {
    Known known = open.get(connection);
    if (known != null) {
      known.idleSince = now();
      known.held.answered();
    }
  }

  /**
   * Closes the connections whose clients have taken too long.
   *
   * @param toAsk how long a client may take to send the head of a request
   * @param toRead how long a client may take to read the end of the previous answer
   */
  void closeIdle(Duration toAsk, Duration toRead) {
    long now = System.nanoTime();
    open.forEach(
        (connection, known) -> {
          Idle idle = Idle.of(connection, known, now);
          if (idle.nanos() > (idle.unwritten() ? toRead : toAsk).toNanos()) {
            connection.terminateSilently();
          }
        });
  }

  /**
   * Waits until every answer has been passed to the operating system, but at most for {@code
   * limit}. Returns the number of connections that still have an unfinished answer.
   */
  int awaitWritten(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (unwritten() > 0 && end - System.nanoTime() > 0) {
      Thread.sleep(WRITTEN_EVERY_MILLIS);
    }
    return unwritten();
  }

  private int unwritten() {
    long now = System.nanoTime();
    return (int)
        open.entrySet().stream()
            .map(entry -> Idle.of(entry.getKey(), entry.getValue(), now))
            .filter(idle -> idle.nanos() == 0 || idle.unwritten())
            .count();
  }

  /** Returns how many bytes of answers wait in the heap because the client does not read. */
  private static int unwrittenBytes(Connection<?> connection) {
    return connection instanceof NIOConnection written
        ? written.getAsyncWriteQueue().spaceInBytes()
        : 0;
  }

  /** Returns the memory of what clients have sent too early and have not read, in bytes. */
  long held() {
    return held.all();
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

  /**
   * Ages the counters of the networks and closes late connections. If {@code look}, also searches
   * for deadlocked threads. Called once a second.
   */
  void check(Liveness liveness, boolean look) {
    try {
      networks.secondPassed();
      closeIdle(limits.toAsk(), limits.toRead());
      if (look) {
        liveness.look();
      }
    } catch (RuntimeException defect) {
      LOG.log(Level.SEVERE, "The check of the connections failed; it is repeated", defect);
    }
  }

  private void watchUntilStopped(Transport transport, Liveness liveness) {
    try {
      for (int check = 1; !transport.isStopped(); check++) {
        Thread.sleep(EVERY_MILLIS);
        check(liveness, check % CHECKS_BETWEEN_LOOKS == 0);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
