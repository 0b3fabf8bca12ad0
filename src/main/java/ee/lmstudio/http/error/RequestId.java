package ee.lmstudio.http.error;

import jakarta.servlet.ServletRequest;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Assigns an id to each request, which the log and the answers contain: the caller's id if it is
 * safe, or else a new id.
 */
public final class RequestId {
  /** The header with the id, in requests and in answers. */
  public static final String HEADER = "X-Request-Id";

  private static final String ATTRIBUTE = RequestId.class.getName();
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /**
   * Returns {@code offered} if it consists of 1 to 64 characters of {@code A-Za-z0-9._-}, or else a
   * new id.
   */
  public static String accept(String offered) {
    return offered != null && ACCEPTED.matcher(offered).matches()
        ? offered
        : UUID.randomUUID().toString();
  }

  /** Stores the id of a request. */
  public static void set(ServletRequest request, String id) {
    request.setAttribute(ATTRIBUTE, id);
  }

  /** Returns the id of a request. Creates and stores a new id if the request has none yet. */
  public static String of(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof String id) {
      return id;
    }
    String id = UUID.randomUUID().toString();
    set(request, id);
    return id;
  }
}
