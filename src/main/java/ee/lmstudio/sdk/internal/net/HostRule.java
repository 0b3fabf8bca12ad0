package ee.lmstudio.sdk.internal.net;

import java.net.InetAddress;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds one entry of the allow-list.
 *
 * @param host the allowed name; null if the rule allows addresses
 * @param block the allowed addresses; null if the rule allows a name
 * @param port the only allowed port; empty allows every port
 */
record HostRule(Host.Name host, CidrBlock block, OptionalInt port) {

  private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]*\\]|[^:]*):([0-9]{1,5})");

  /** {@code localhost} stands for this machine, with any of its names and addresses. */
  private static final Host.Name LOCALHOST = new Host.Name("localhost");

  /**
   * Parses {@code host}, {@code host:port} or a CIDR block.
   *
   * @throws IllegalArgumentException if {@code text} is not a rule; the message says why
   */
  static HostRule parse(String text) {
    if (text.indexOf('/') >= 0) {
      return new HostRule(null, CidrBlock.parse(text), OptionalInt.empty());
    }
    Matcher withPort = WITH_PORT.matcher(text);
    if (!withPort.matches()) {
      return of(Host.parse(text), OptionalInt.empty());
    }
    int port = Integer.parseInt(withPort.group(2));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port is " + port + "; it must be from 1 to 65535");
    }
    return of(Host.parse(withPort.group(1)), OptionalInt.of(port));
  }

  private static HostRule of(Host host, OptionalInt port) {
    return switch (host) {
      case Host.Name name -> new HostRule(name, null, port);
      case Host.Address address -> new HostRule(null, CidrBlock.of(address.value()), port);
    };
  }

  boolean allowsPort(int asked) {
    return port.isEmpty() || port.getAsInt() == asked;
  }

  boolean allows(Host.Name name) {
    return name.equals(host);
  }

  boolean allows(InetAddress address) {
    return block != null
        ? block.contains(address)
        : LOCALHOST.equals(host) && address.isLoopbackAddress();
  }

  /**
   * Returns whether {@code name} always means this machine (RFC 6761), regardless of name servers.
   */
  static boolean meansLoopback(Host.Name name) {
    return name.equals(LOCALHOST) || name.text().endsWith("." + LOCALHOST.text());
  }
}
