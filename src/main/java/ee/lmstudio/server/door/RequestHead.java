package ee.lmstudio.server.door;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  /** More digits than any body can have bytes. */
  private static final int MOST_DIGITS = 18;

  private RequestHead() {}

  /**
   * Returns why a request is refused; empty if it can be read safely. The thread that calls it
   * serves many connections, so the time is linear in the length of the head, whatever it contains.
   *
   * @param head the head of the request, one character for each byte
   */
  static Optional<DoorError> refusal(String head) {
    // An empty line before a request is refused, too: Grizzly reads it as a part of the method.
    int end = lineEnd(head, 0);
    String line = line(head, 0, end);
    int method = line.indexOf(' ');
    int version = line.lastIndexOf(' ');
    if (method == version || !isToken(line, method)) {
      return Optional.of(MALFORMED_LINE);
    }
    String target = line.substring(method + 1, version);
    Optional<DoorError> refusal = lineRefusal(target, line.substring(version + 1));
    return refusal.isPresent() ? refusal : headersRefusal(head, end + 1, line.endsWith(".1"));
  }

  private static Optional<DoorError> lineRefusal(String target, String version) {
    boolean ours = version.equals("HTTP/1.1") || version.equals("HTTP/1.0");
    if (!ours && isOtherVersion(version)) {
      return Optional.of(OTHER_VERSION); // Checked first: HTTP/2 begins with a line without a path.
    }
    if (!ours || target.indexOf(' ') >= 0 || !hasPath(target)) {
      return Optional.of(MALFORMED_LINE);
    }
    boolean plain = target.chars().allMatch(c -> c > ' ' && c <= '~');
    return plain ? Optional.empty() : Optional.of(MALFORMED_PATH);
  }

  private static boolean isOtherVersion(String version) {
    return version.length() == 8
        && version.startsWith("HTTP/")
        && !version.startsWith("HTTP/1.")
        && isDigit(version.charAt(5))
        && version.charAt(6) == '.'
        && isDigit(version.charAt(7));
  }

  /** Returns whether a target is a path, or the address of a server with or without a path. */
  private static boolean hasPath(String target) {
    if (target.startsWith("/")) {
      return true;
    }
    String scheme = target.regionMatches(true, 0, "https", 0, 5) ? "https" : "http";
    String begin = scheme + "://";
    if (!target.regionMatches(true, 0, begin, 0, begin.length())) {
      return false;
    }
    for (int i = begin.length(); i < target.length(); i++) {
      switch (target.charAt(i)) {
        case '/', '?' -> {
          return i > begin.length();
        }
        case '#', '@' -> {
          return false;
        }
        default -> {
          // A part of the server's name.
        }
      }
    }
    return target.length() > begin.length();
  }

  /** Returns the index of the next line end, or of the end of the head. */
  private static int lineEnd(String head, int from) {
    int end = head.indexOf('\n', from);
    return end < 0 ? head.length() : end;
  }

  private static String line(String head, int from, int end) {
    boolean carriageReturn = end > from && head.charAt(end - 1) == '\r';
    return head.substring(from, carriageReturn ? end - 1 : end);
  }

  /** Returns whether the first characters of {@code line} are a method or the name of a header. */
  private static boolean isToken(String line, int length) {
    for (int i = 0; i < length; i++) {
      if (!isTokenCharacter(line.charAt(i))) {
        return false;
      }
    }
    return length > 0;
  }

  private static boolean isTokenCharacter(char c) {
    return isDigit(c)
        || c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static Optional<DoorError> headersRefusal(String head, int from, boolean http11) {
    List<String> lengths = new ArrayList<>();
    List<String> codings = new ArrayList<>();
    boolean expects = false;
    int end;
    for (int begin = from; begin < head.length(); begin = end + 1) {
      end = lineEnd(head, begin);
      String line = line(head, begin, end);
      if (line.isEmpty() && end + 1 >= head.length()) {
        break;
      }
      int colon = line.indexOf(':');
      if (!isToken(line, colon) || line.indexOf('\r') >= 0 || line.indexOf('\0') >= 0) {
        return Optional.of(MALFORMED_HEADER); // A line that continues the previous one, too.
      }
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> lengths.add(value(line, colon));
        case "transfer-encoding" -> codings.add(value(line, colon));
        case "expect" -> expects |= !value(line, colon).equalsIgnoreCase("100-continue");
        default -> {
          // This class has no rule for other headers.
        }
      }
    }
    Optional<DoorError> framing = framingRefusal(lengths, codings, http11);
    return framing.isEmpty() && expects ? Optional.of(UNKNOWN_EXPECTATION) : framing;
  }

  /** Returns the value of a header: the text behind the colon, without blanks around it. */
  private static String value(String line, int colon) {
    int begin = colon + 1;
    int end = line.length();
    while (begin < end && isBlank(line.charAt(begin))) {
      begin++;
    }
    while (end > begin && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(begin, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static Optional<DoorError> framingRefusal(
      List<String> lengths, List<String> codings, boolean http11) {
    if (!lengths.isEmpty() && !codings.isEmpty()) {
      return Optional.of(TWO_LENGTHS);
    }
    if (!codings.isEmpty()) {
      // A proxy that speaks HTTP/1.0 does not know chunks, and would forward them as plain bytes.
      boolean chunked = http11 && codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
      return chunked ? Optional.empty() : Optional.of(UNKNOWN_CODING);
    }
    boolean one = lengths.size() <= 1 && lengths.stream().allMatch(RequestHead::isLength);
    return one ? Optional.empty() : Optional.of(MALFORMED_LENGTH);
  }

  private static boolean isLength(String value) {
    return !value.isEmpty()
        && value.length() <= MOST_DIGITS
        && value.chars().allMatch(RequestHead::isDigit);
  }
}
