package ee.lmstudio.access;

import ee.lmstudio.sdk.internal.net.CidrBlock;
import java.util.List;
import java.util.Optional;

/**
 * Checks that a request names this server. Without this check, a web site whose name is made to
 * lead to this machine (DNS rebinding) could talk to the server as its own origin.
 */
public final class HostCheck {
  private static final CidrBlock LOOPBACK = CidrBlock.parse("127.0.0.0/8");

  private HostCheck() {}

  /**
   * Returns the first name in a request that is not a name of this server; empty if all are.
   *
   * @param hostHeader the header {@code Host}; null if there is none or more than one
   * @param serverName the name that the container read, from the request line or the header
   * @param calledAddress the address of this server at which the connection arrived
   * @param allowed names in lower case, without port; empty allows loopback names and the called
   *     address
   */
  public static Optional<String> foreignName(
      String hostHeader, String serverName, String calledAddress, List<String> allowed) {
    String header = HostHeader.parse(hostHeader).name();
    if (!isAllowed(header, calledAddress, allowed)) {
      return Optional.of(header);
    }
    // The request line may name another host than the header does.
    String target = HostHeader.normalise(serverName);
    return isAllowed(target, calledAddress, allowed) ? Optional.empty() : Optional.of(target);
  }

  private static boolean isAllowed(String name, String calledAddress, List<String> allowed) {
    if (!allowed.isEmpty()) {
      return allowed.contains(name);
    }
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("::1")
        || LOOPBACK.contains(name)
        || name.equals(HostHeader.normalise(calledAddress));
  }
}
