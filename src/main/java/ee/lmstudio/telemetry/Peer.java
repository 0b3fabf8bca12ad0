package ee.lmstudio.telemetry;

import java.net.URI;

/**
 * An LM Studio as telemetry names it.
 *
 * @param name the name of the upstream in the configuration
 * @param host the host of its address
 * @param port the port of its address
 */
record Peer(String name, String host, int port) {
  /** Returns the peer at this address. */
  static Peer of(String name, URI address) {
    int port = address.getPort();
    int usual = "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    return new Peer(name, address.getHost(), port < 0 ? usual : port);
  }
}
