package ee.lmstudio.server.launcher;

import java.util.regex.Pattern;

/** What the server can make of the path of a request. */
final class RequestPath {
  private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9/_-]");

  private RequestPath() {}

  /** Whether a decoded path is one that the server serves: it says nothing of what is there. */
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

  /** A path that any server can read, below the same root as the one that none can. */
  static String harmless(String raw) {
    String plain = NOT_PLAIN.matcher(raw).replaceAll("_");
    return plain.startsWith("/") ? plain : "/" + plain;
  }
}
