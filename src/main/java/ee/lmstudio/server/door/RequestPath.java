package ee.lmstudio.server.door;

/** Rules for the path of a request. */
final class RequestPath {
  private RequestPath() {}

  /**
   * Returns whether the server can process the decoded path, whether or not something exists there.
   */
  static boolean isServable(String decoded) {
    return decoded.startsWith("/")
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
}
