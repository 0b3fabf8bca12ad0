package ee.lmstudio.http.error;

import jakarta.servlet.ServletRequest;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id under which a request is found again: the caller's own if it is safe, else a new one. */
public final class RequestId {
  /** The header that carries it, in and out. */
  public static final String HEADER = "X-Request-Id";

  private static final String ATTRIBUTE = RequestId.class.getName();
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /** {@code offered} if it is 1 to 64 of {@code A-Za-z0-9._-}, else a new id. */
  public static String accept(String offered) {
    return offered != null && ACCEPTED.matcher(offered).matches()
        ? offered
        : UUID.randomUUID().toString();
  }

  /** Notes the id of a request. */
  public static void set(ServletRequest request, String id) {
    request.setAttribute(ATTRIBUTE, id);
  }

  /** The id of a request; a new one, noted, if it has none yet. */
  public static String of(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof String id) {
      return id;
    }
    String id = UUID.randomUUID().toString();
    set(request, id);
    return id;
  }
}
