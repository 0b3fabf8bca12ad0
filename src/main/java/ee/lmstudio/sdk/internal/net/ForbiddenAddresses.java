package ee.lmstudio.sdk.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lists addresses that no allow-list can allow: metadata services of clouds, which return
 * credentials, and addresses that are not addresses of a host.
 */
final class ForbiddenAddresses {
  private static final Map<String, List<CidrBlock>> BLOCKS =
      Map.of(
          "link-local", blocks("169.254.0.0/16", "fe80::/10"),
          "a cloud's metadata service",
              blocks(
                  "100.100.100.200/32", // Alibaba
                  "168.63.129.16/32", // Azure
                  "192.0.0.192/32", // Oracle
                  "fd00:ec2::/32", // AWS
                  "fd20:ce::254/128", // Google
                  "fd00:42::42/128"), // Scaleway
          "not an address of a host",
              blocks("0.0.0.0/8", "::/128", "224.0.0.0/4", "ff00::/8", "255.255.255.255/32"));

  /** IPv6 ranges that contain an IPv4 address, with the index of its first byte. */
  private static final Map<CidrBlock, Integer> EMBEDDINGS =
      Map.of(
          CidrBlock.parse("::/96"), 12, // IPv4-compatible
          CidrBlock.parse("64:ff9b::/96"), 12, // NAT64
          CidrBlock.parse("64:ff9b:1::/48"), 12, // NAT64, local
          CidrBlock.parse("2002::/16"), 2); // 6to4

  private ForbiddenAddresses() {}

  /** Returns the reason why an address is forbidden; empty if it may be allowed. */
  static Optional<String> reason(InetAddress address) {
    Optional<String> direct =
        BLOCKS.entrySet().stream()
            .filter(entry -> entry.getValue().stream().anyMatch(block -> block.contains(address)))
            .map(Map.Entry::getKey)
            .findFirst();
    // ::1 is in the range of IPv4-compatible addresses, but is not such an address.
    if (direct.isPresent() || address.isLoopbackAddress()) {
      return direct;
    }
    return embedded(address).flatMap(ForbiddenAddresses::reason);
  }

  private static Optional<InetAddress> embedded(InetAddress address) {
    return EMBEDDINGS.entrySet().stream()
        .filter(entry -> entry.getKey().contains(address))
        .map(entry -> ipv4(address.getAddress(), entry.getValue()))
        .findFirst();
  }

  private static InetAddress ipv4(byte[] ipv6, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(ipv6, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are always an address", e);
    }
  }

  private static List<CidrBlock> blocks(String... texts) {
    return Arrays.stream(texts).map(CidrBlock::parse).collect(Collectors.toUnmodifiableList());
  }
}
