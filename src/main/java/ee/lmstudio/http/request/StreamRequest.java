package ee.lmstudio.http.request;

import ee.lmstudio.access.Caller;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.run.Run;
import ee.lmstudio.run.Runs;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.SecurityContext;

/** What a request for an existing stream names. */
public final class StreamRequest {
  private StreamRequest() {}

  /**
   * Returns the run with this id, if it belongs to the caller or the caller is an admin.
   *
   * @throws ApiException {@code stream_not_found} otherwise, and if there is none
   */
  public static Run find(Runs runs, String id, SecurityContext security) {
    String caller = security.getUserPrincipal().getName();
    boolean admin = security.isUserInRole(Caller.ADMIN_ROLE);
    return runs.find(id)
        .filter(run -> admin || run.owner().equals(caller))
        .orElseThrow(ApiException::streamNotFound);
  }

  /**
   * Returns the cursor after which the client wants to go on; 0 if it names none. The header {@code
   * Last-Event-ID} counts more than the query.
   *
   * @param query the cursor in the address, or null
   */
  public static long cursor(HttpServletRequest request, String query) {
    String lastEventId = request.getHeader("Last-Event-ID");
    String text = lastEventId != null ? lastEventId : query;
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
