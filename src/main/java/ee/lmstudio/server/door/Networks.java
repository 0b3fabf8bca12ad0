package ee.lmstudio.server.door;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what each network does: how many connections are open, how many were closed lately, and
 * whether the door lately had no room for a request. A network is an address; with IPv6 it is a
 * /64, because one client can have any address of it.
 */
final class Networks {
  /**
   * A network with more connections than this is crowded. Closed connections count, too, but half
   * as much with each second.
   */
  static final int CROWD = 256;

  /**
   * How long a network counts as crowded after a refusal, in seconds. The time can be up to one
   * second shorter, because a timer counts the seconds.
   */
  static final int REFUSAL_SECONDS = 2;

  private static final int IPV6_NETWORK_BYTES = 8;

  private final Map<Object, Network> networks = new ConcurrentHashMap<>();

  /** The counters of one network. Changed only while the map computes its entry. */
  static final class Network {
    private final Object address;
    private volatile int open;
    private volatile int closedLately;

    /** For how many seconds a refusal still counts. */
    private volatile int refused;

    private Network(Object address) {
      this.address = address;
    }

    /** Returns what identifies the network. */
    Object address() {
      return address;
    }

    /** Returns how many connections are open. */
    int open() {
      return open;
    }

    /**
     * Returns whether the network has, or recently had, too many connections, or had a request
     * refused lately.
     */
    boolean isCrowded() {
      return open + closedLately > CROWD || refused > 0;
    }

    private Network opened() {
      open++;
      return this;
    }

    private Network refused() {
      refused = REFUSAL_SECONDS;
      return this;
    }

    private Network closed() {
      open--;
      closedLately++;
      return this;
    }

    private Network secondPassed() {
      closedLately /= 2;
      refused = Math.max(0, refused - 1);
      return open + closedLately + refused == 0 ? null : this;
    }
  }

  /** Counts a new connection. */
  Network opened(InetAddress from) {
    return networks.compute(
        address(from), (key, known) -> (known == null ? new Network(key) : known).opened());
  }

  /** Marks a network as crowded: the door had no room for one of its requests. */
  void refused(Network network) {
    networks.computeIfPresent(network.address(), (key, known) -> known.refused());
  }

  /** Counts a connection that was closed. */
  void closed(Network network) {
    networks.computeIfPresent(network.address(), (key, known) -> known.closed());
  }

  /** Returns how many networks are known. */
  int size() {
    return networks.size();
  }

  /** Must be called once a second. */
  void secondPassed() {
    networks.keySet().forEach(key -> networks.computeIfPresent(key, (k, n) -> n.secondPassed()));
  }

  private static Object address(InetAddress address) {
    return address instanceof Inet6Address
        ? ByteBuffer.wrap(address.getAddress(), 0, IPV6_NETWORK_BYTES)
        : address;
  }
}
