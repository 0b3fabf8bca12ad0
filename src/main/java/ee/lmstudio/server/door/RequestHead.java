package ee.lmstudio.server.door;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rules for the head of a request: the bytes up to the empty line. They are stricter than
 * Grizzly's. Where two programs could read the same bytes as different requests (RFC 9112, sections
 * 6.1 and 11.2), the request is refused, because a proxy in front may have read it in another way.
 */
final class RequestHead {
  static final DoorError MALFORMED_PATH =
      DoorError.malformed(
          "The path of the request cannot be decoded, or leads out of the server's root.",
          "Percent-encode every byte that is not a plain character, as UTF-8: %C3%A4 for \u00e4.");
  static final DoorError MALFORMED_LINE =
      DoorError.malformed(
          "The first line of the request is not valid.",
          "Send a method, a path and HTTP/1.1, with one space between them.");
  static final DoorError OTHER_VERSION = DoorError.inPlaceOf(505);
  static final DoorError MALFORMED_HEADER =
      DoorError.malformed(
          "A header of the request is not valid.",
          "Send each header in a line of its own, as a name, a colon and a value.");
  static final DoorError TWO_LENGTHS =
      DoorError.malformed(
          "The request has both Content-Length and Transfer-Encoding, so it is not clear where its"
              + " body ends.",
          "Send only one of the two headers.");
  static final DoorError UNKNOWN_CODING =
      DoorError.malformed(
          "The only Transfer-Encoding that this server reads is chunked.",
          "Send one header Transfer-Encoding with the value chunked, over HTTP/1.1.");
  static final DoorError MALFORMED_LENGTH =
      DoorError.malformed(
          "The Content-Length of the request is not one decimal number.",
          "Send one header Content-Length with the number of bytes of the body.");
  static final DoorError UNKNOWN_EXPECTATION =
      new DoorError(
          417,
          "malformed_request",
          "The only Expect that this server knows is 100-continue.",
          "Leave the header Expect out.");

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern TARGET =
      Pattern.compile("/[^ ]*|(?i:https?)://[^/?#@ ]+(?:[/?][^ ]*)?");
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern LINE_END = Pattern.compile("\r?\n");

  private RequestHead() {}

  /**
   * Returns why a request is refused; empty if it can be read safely.
   *
   * @param head the head of the request, one character for each byte
   */
  static Optional<DoorError> refusal(String head) {
    String[] lines = LINE_END.split(head.replaceFirst("^(?:\r?\n)+", ""));
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3
        || !TOKEN.matcher(first[0]).matches()
        || !TARGET.matcher(first[1]).matches()) {
      // HTTP/2 begins with a line that has no path.
      boolean other = first.length == 3 && isOtherVersion(first[2]);
      return Optional.of(other ? OTHER_VERSION : MALFORMED_LINE);
    }
    if (!first[2].equals("HTTP/1.1") && !first[2].equals("HTTP/1.0")) {
      return Optional.of(isOtherVersion(first[2]) ? OTHER_VERSION : MALFORMED_LINE);
    }
    return headersRefusal(lines, first[2]);
  }

  private static boolean isOtherVersion(String version) {
    return VERSION.matcher(version).matches() && !version.startsWith("HTTP/1.");
  }

  private static Optional<DoorError> headersRefusal(String[] lines, String version) {
    List<String> lengths = new ArrayList<>();
    List<String> codings = new ArrayList<>();
    boolean expects = false;
    for (int i = 1; i < lines.length; i++) {
      String line = lines[i];
      int colon = line.indexOf(':');
      if (colon < 0
          || !TOKEN.matcher(line.substring(0, colon)).matches()
          || line.indexOf('\r') >= 0
          || line.indexOf('\0') >= 0) {
        return Optional.of(MALFORMED_HEADER); // Also a line that continues the one before.
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> lengths.add(value);
        case "transfer-encoding" -> codings.add(line.substring(colon + 1));
        case "expect" -> expects |= !value.equalsIgnoreCase("100-continue");
        default -> {
          // No rule for this header.
        }
      }
    }
    Optional<DoorError> framing = framingRefusal(lengths, codings, version);
    return framing.isEmpty() && expects ? Optional.of(UNKNOWN_EXPECTATION) : framing;
  }

  private static Optional<DoorError> framingRefusal(
      List<String> lengths, List<String> codings, String version) {
    if (!lengths.isEmpty() && !codings.isEmpty()) {
      return Optional.of(TWO_LENGTHS);
    }
    if (!codings.isEmpty()) {
      // A proxy of HTTP/1.0 does not know chunks, and would not send them on as such.
      boolean chunked =
          codings.size() == 1
              && version.equals("HTTP/1.1")
              && codings.get(0).replaceAll("^[ \t]+|[ \t]+$", "").equalsIgnoreCase("chunked");
      return chunked ? Optional.empty() : Optional.of(UNKNOWN_CODING);
    }
    boolean one = lengths.size() <= 1 && lengths.stream().allMatch(LENGTH.asMatchPredicate());
    return one ? Optional.empty() : Optional.of(MALFORMED_LENGTH);
  }
}
