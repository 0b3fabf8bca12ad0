package ee.lmstudio.server.launcher;

import java.util.regex.Pattern;

/** Rules for the path of a request. */
final class RequestPath {
  private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9/_-]");

  private RequestPath() {}

  /**
   * Returns whether the server can process the decoded path, whether or not something exists there.
   */
  static boolean isServable(String decoded) {
    boolean rooted = decoded.startsWith("/") || decoded.equals("*");
    return rooted
        && decoded.indexOf('\0') < 0
        && decoded.indexOf('\\') < 0
        && staysBelowTheRoot(decoded);
  }

  private static boolean staysBelowTheRoot(String path) {
    int depth = 0;
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        depth--;
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns a readable path below the same root as the unreadable path {@code raw}. */
  static String harmless(String raw) {
    String plain = NOT_PLAIN.matcher(raw).replaceAll("_");
    return plain.startsWith("/") ? plain : "/" + plain;
  }
}
