package ee.lmstudio.server.door;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiPredicate;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.http.HttpCodecFilter;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.KeepAlive;
import org.glassfish.grizzly.nio.NIOTransport;

/**
 * Stands between the port and Payara. These classes do its work:
 *
 * <ul>
 *   <li>{@link Connections} limits how many connections there may be, and how long the head of a
 *       request may take to arrive.
 *   <li>{@link DoorCodec} refuses requests that cannot be read safely, and replaces every answer
 *       that the application did not give. {@link OwnArrays} and {@link CountedBody} prepare what
 *       it reads.
 *   <li>{@link HandOver} answers {@code /health/live}, and hands all other requests to Payara's
 *       threads while the application answers. {@link AsyncThreads} limits those for suspended
 *       requests.
 *   <li>{@link Selectors} gives the connections of crowds a thread of their own.
 * </ul>
 *
 * <p>{@link DoorStrategy} installs the door before the first connection is accepted.
 */
public final class Door {
  private static final Door PROCESS = new Door(Limits.configured());

  /** Whether the application answers requests. */
  private volatile boolean open;

  /** Tests whether a {@code Host} header, given the called address, names another server. */
  private volatile BiPredicate<String, String> foreignHost = (host, called) -> false;

  /** Whether Payara has asked for the strategy that installs the door. */
  private volatile boolean chosen;

  private volatile Connections connections;

  /** The listening sockets that have the door. Guarded by this. */
  private final Set<Connection<?>> ports = new HashSet<>();

  private final Liveness liveness = new Liveness();

  private final Limits limits;

  Door(Limits limits) {
    this.limits = limits;
  }

  /** Returns the door of this process. */
  static Door ofProcess() {
    return PROCESS;
  }

  /**
   * Lets requests pass, because the application answers now.
   *
   * @throws IllegalStateException if Payara does not use {@link DoorStrategy}, so that no port has
   *     the door
   */
  public static void open() {
    if (!PROCESS.chosen) {
      throw new IllegalStateException(
          "The transport does not use " + DoorStrategy.class.getName() + " as its I/O strategy.");
    }
    AsyncThreads.limit();
    PROCESS.open = true;
  }

  /**
   * Waits until every answer has been passed to the operating system.
   *
   * @param limit how long to wait at most
   * @return the number of connections that still have an unfinished answer
   */
  public static int awaitWritten(Duration limit) throws InterruptedException {
    return PROCESS.connections == null ? 0 : PROCESS.connections.awaitWritten(limit);
  }

  /** Lets no request pass any more, because the application is being taken down. */
  public static void close() {
    PROCESS.open = false;
  }

  /**
   * Sets the check of host names, which the door needs for the requests that it answers itself.
   *
   * @param foreign gets the {@code Host} header (null if there is none) and the called address, and
   *     returns whether the host is not a name of this server
   */
  public static void checkHosts(BiPredicate<String, String> foreign) {
    PROCESS.setForeignHost(foreign);
  }

  void choose() {
    chosen = true;
  }

  boolean isOpen() {
    return open;
  }

  void setOpen(boolean value) {
    open = value;
  }

  void setForeignHost(BiPredicate<String, String> foreign) {
    foreignHost = foreign;
  }

  Connections connections() {
    return connections;
  }

  boolean isForeign(String host, String calledAddress) {
    return foreignHost.test(host, calledAddress);
  }

  Liveness liveness() {
    return liveness;
  }

  /**
   * Puts the door in front of every connection that {@code port} will accept. Only the first call
   * for a port has an effect.
   */
  synchronized void install(Connection<?> port) {
    if (!ports.add(port)) {
      return;
    }
    Transport transport = port.getTransport();
    if (connections == null) {
      connections = new Connections(limits);
      connections.watch(transport, liveness);
    }
    NIOTransport selected = (NIOTransport) transport;
    selected.setNIOChannelDistributor(new Selectors(selected, connections));
    FilterChain chain = (FilterChain) transport.getProcessor();
    for (int i = 0; i < chain.size(); i++) {
      if (chain.get(i) instanceof HttpServerFilter codec && !(codec instanceof DoorCodec)) {
        chain.set(i, codecLike(codec));
        chain.add(i + 1, new HandOver(this, Turns.of(transport, limits.waiting())));
        chain.add(i, new OwnArrays());
        break;
      }
    }
    port.getMonitoringConfig().addProbes(connections);
  }

  private DoorCodec codecLike(HttpServerFilter codec) {
    try {
      DoorCodec own =
          new DoorCodec(
              (int) read(HttpCodecFilter.class, "maxHeadersSize", codec),
              (KeepAlive) read(HttpServerFilter.class, "keepAlive", codec),
              (int) read(HttpServerFilter.class, "maxRequestHeaders", codec),
              (int) read(HttpServerFilter.class, "maxResponseHeaders", codec),
              this,
              connections);
      own.setMaxPayloadRemainderToSkip(codec.getMaxPayloadRemainderToSkip());
      own.setAllowPayloadForUndefinedHttpMethods(codec.isAllowPayloadForUndefinedHttpMethods());
      return own;
    } catch (ReflectiveOperationException anotherVersion) {
      throw new IllegalStateException(
          "This is not the packaged version of Grizzly", anotherVersion);
    }
  }

  /** Reads a setting of Payara's codec, so that its value is defined only in server-config. */
  private static Object read(Class<?> type, String field, Object of)
      throws ReflectiveOperationException {
    Field setting = type.getDeclaredField(field);
    setting.setAccessible(true);
    return setting.get(of);
  }
}
