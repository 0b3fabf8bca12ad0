package ee.lmstudio.access;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a {@code Host} header.
 *
 * @param text the value as the client sent it, or {@code invalid} if it is not a host
 * @param name the host name in lower case, without brackets and trailing dot
 * @param port the port; empty if the header names none
 */
public record HostHeader(String text, String name, OptionalInt port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");

  /** Reads a header; one that cannot be read has the name {@code invalid}. */
  public static HostHeader parse(String text) {
    Matcher parts = FORM.matcher(text == null ? "" : text);
    if (!parts.matches()) {
      // RFC 2606 reserves this name, so no list of allowed names can contain it.
      return new HostHeader("invalid", "invalid", OptionalInt.empty());
    }
    String name = parts.group(1) == null ? parts.group(2) : parts.group(1);
    String port = parts.group(3);
    return new HostHeader(text, normalise(name), port == null ? OptionalInt.empty() : port(port));
  }

  private static OptionalInt port(String digits) {
    return OptionalInt.of(Integer.parseInt(digits));
  }

  /** Returns a host name in lower case, without brackets and trailing dot. */
  public static String normalise(String name) {
    String bare =
        name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    return (bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare)
        .toLowerCase(Locale.ROOT);
  }
}
