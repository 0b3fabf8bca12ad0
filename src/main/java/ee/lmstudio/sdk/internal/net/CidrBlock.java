package ee.lmstudio.sdk.internal.net;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses, {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a block of one.
 *
 * @param network an address of the block; the bits behind the prefix do not count
 * @param bits length of the prefix; 0 means every address of the family
 */
record CidrBlock(InetAddress network, int bits) {

  private static final Pattern TEXT = Pattern.compile("([^/]+)/([0-9]{1,3})");

  CidrBlock {
    int longest = network.getAddress().length * 8;
    if (bits < 0 || bits > longest) {
      throw new IllegalArgumentException("prefix is " + bits + ", allowed is 0 to " + longest);
    }
  }

  static CidrBlock of(InetAddress single) {
    return new CidrBlock(single, single.getAddress().length * 8);
  }

  /**
   * Reads {@code address/prefix}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static CidrBlock parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches() && Host.parse(parts.group(1)) instanceof Host.Address address) {
      return new CidrBlock(address.value(), Integer.parseInt(parts.group(2)));
    }
    throw new IllegalArgumentException("a CIDR block is written as 10.0.0.0/8");
  }

  boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != other[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || (mine[whole] & 0xff) >> (8 - rest) == (other[whole] & 0xff) >> (8 - rest);
  }
}
