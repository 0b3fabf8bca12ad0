package ee.lmstudio.server.door;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what each network does: how many connections are open, how many were opened lately, and
 * how often the door lately had no room for a request. A network is an address; with IPv6 it is a
 * /64, because one client can have any address of it. What happened lately counts half as much with
 * each second.
 */
final class Networks {
  /** A network that has, or lately had, more connections than this is crowded. */
  static final int CROWD = 256;

  private static final int IPV6_NETWORK_BYTES = 8;

  private final Map<Object, Network> networks = new ConcurrentHashMap<>();

  /** The connections of one network. Changed only while the map computes its entry. */
  static final class Network {
    private final Object address;
    private volatile int open;
    private volatile int openedLately;
    private volatile int refusedLately;

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

    /** Returns whether the network has so many connections or requests that it can delay others. */
    boolean isCrowded() {
      return open + openedLately > CROWD || refusedLately > 0;
    }

    private Network opened() {
      open++;
      openedLately++;
      return this;
    }

    private Network refused() {
      refusedLately++;
      return this;
    }

    private Network closed() {
      open--;
      return orNothing();
    }

    private Network secondPassed() {
      openedLately /= 2;
      refusedLately /= 2;
      return orNothing();
    }

    private Network orNothing() {
      return open + openedLately + refusedLately == 0 ? null : this;
    }
  }

  /** Counts a new connection. */
  Network opened(InetAddress from) {
    return networks.compute(
        address(from), (key, known) -> (known == null ? new Network(key) : known).opened());
  }

  /** Notes that the door had no room for a request. */
  void refused(Network network) {
    networks.computeIfPresent(network.address(), (key, known) -> known.refused());
  }

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
