package ee.lmstudio.access;

import ee.lmstudio.sdk.internal.net.CidrBlock;
import java.util.HexFormat;

/** What counts as one client that is not signed in. */
public final class ClientNetwork {
  private static final int IPV6_NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /**
   * Returns the key of a client's address: an IPv4 address as it is, and the /64 of an IPv6
   * address, because one customer has all 2^64 addresses of it. All texts that are not addresses
   * have the same key.
   */
  public static String of(String address) {
    try {
      byte[] bytes = CidrBlock.parse(address).network().getAddress();
      return bytes.length == 4 ? address : HexFormat.of().formatHex(bytes, 0, IPV6_NETWORK_BYTES);
    } catch (IllegalArgumentException notAnAddress) {
      return "unknown";
    }
  }
}
