package ee.lmstudio.sdk.internal.net;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds a block of addresses, such as {@code 10.0.0.0/8} or {@code fd00::/8}. A single address is a
 * block with one address.
 *
 * @param network an address of the block; the bits after the prefix do not count
 * @param bits length of the prefix; 0 means every address of the family
 */
public record CidrBlock(InetAddress network, int bits) {

  private static final Pattern TEXT = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");

  public CidrBlock {
    int longest = network.getAddress().length * 8;
    if (bits < 0 || bits > longest) {
      throw new IllegalArgumentException("prefix is " + bits + "; it must be from 0 to " + longest);
    }
  }

  static CidrBlock of(InetAddress single) {
    return new CidrBlock(single, single.getAddress().length * 8);
  }

  /**
   * Parses {@code address/prefix} or {@code address}.
   *
   * @throws IllegalArgumentException if {@code text} is neither; the message says what is allowed
   */
  public static CidrBlock parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches() && Host.parse(parts.group(1)) instanceof Host.Address address) {
      int longest = address.value().getAddress().length * 8;
      String bits = parts.group(2);
      return new CidrBlock(address.value(), bits == null ? longest : Integer.parseInt(bits));
    }
    throw new IllegalArgumentException(
        "'" + text + "' is neither an address nor a CIDR block, write 10.0.0.1 or 10.0.0.0/8");
  }

  /** Returns whether {@code literal} is an address of this block; false if it is not an address. */
  public boolean contains(String literal) {
    try {
      return Host.parse(literal) instanceof Host.Address address && contains(address.value());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns whether {@code address} is in this block; always false for an address of the other
   * family.
   */
  public boolean contains(InetAddress address) {
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
