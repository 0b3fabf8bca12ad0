package ee.lmstudio.sdk.internal.net;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Holds a host in its normal form: a lower-case ASCII name without a trailing dot, or an address.
 *
 * <p>Spellings that programs read differently ({@code 127.1}, {@code 0177.0.0.1}, {@code 0x7f.1},
 * {@code 2130706433}) are refused, because the check and the connector must always agree.
 */
sealed interface Host {

  /** Holds a name that has to be looked up. */
  record Name(String text) implements Host {
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Holds an address. An IPv4 address inside an IPv6 address ({@code ::ffff:a.b.c.d}) counts as
   * IPv4.
   */
  record Address(InetAddress value) implements Host {
    @Override
    public String toString() {
      return value.getHostAddress();
    }
  }

  Pattern BYTE = Pattern.compile("0|[1-9][0-9]{0,2}");
  Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
  Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*");
  Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

  /** Characters that the two generations of IDN map to different names. */
  Pattern AMBIGUOUS = Pattern.compile("[\u00df\u03c2\u200c\u200d]");

  /**
   * Parses a host from a URL or a rule, with or without the brackets of IPv6.
   *
   * @throws IllegalArgumentException if {@code text} is not a host; the message says why
   */
  static Host parse(String text) {
    boolean brackets = text.startsWith("[") && text.endsWith("]");
    String bare = brackets ? text.substring(1, text.length() - 1) : text;
    if (bare.indexOf('%') >= 0) {
      throw new IllegalArgumentException("'" + text + "' has a zone id or an escape");
    }
    if (brackets || bare.indexOf(':') >= 0) {
      return new Address(ipv6(bare));
    }
    String ascii = ascii(bare);
    String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    String lastLabel = name.substring(name.lastIndexOf('.') + 1);
    if (NUMBER.matcher(lastLabel).matches()) {
      requirePlainAscii(bare);
      return new Address(ipv4(name));
    }
    return new Name(requireName(name));
  }

  private static String ascii(String text) {
    if (text.chars().allMatch(c -> c < 128)) {
      return text.toLowerCase(Locale.ROOT);
    }
    if (AMBIGUOUS.matcher(text).find()) {
      throw new IllegalArgumentException("'" + text + "' is ambiguous, write it as xn--…");
    }
    try {
      return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not a host name", e);
    }
  }

  private static void requirePlainAscii(String text) {
    if (!text.chars().allMatch(c -> c < 128)) {
      throw new IllegalArgumentException("'" + text + "' imitates an address");
    }
  }

  private static String requireName(String name) {
    if (name.isEmpty() || name.length() > 253) {
      throw new IllegalArgumentException("a host name has 1 to 253 characters");
    }
    for (String label : name.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw new IllegalArgumentException("'" + name + "' is not a host name");
      }
    }
    return name;
  }

  private static InetAddress ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    boolean plain = parts.length == bytes.length;
    for (int i = 0; plain && i < bytes.length; i++) {
      plain = BYTE.matcher(parts[i]).matches() && Integer.parseInt(parts[i]) <= 255;
      bytes[i] = plain ? (byte) Integer.parseInt(parts[i]) : 0;
    }
    if (!plain) {
      throw new IllegalArgumentException(
          "'" + text + "' is an ambiguous address, write four decimal numbers: 127.0.0.1");
    }
    return address(bytes);
  }

  private static InetAddress ipv6(String text) {
    if (!IPV6.matcher(text).matches() || text.indexOf(':') < 0) {
      throw new IllegalArgumentException("'" + text + "' is not an IPv6 address");
    }
    if (text.indexOf('.') >= 0) {
      ipv4(text.substring(text.lastIndexOf(':') + 1));
    }
    try {
      // A text of these characters is never looked up: it is a literal, or the call throws.
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IPv6 address", e);
    }
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are always an address", e);
    }
  }
}
