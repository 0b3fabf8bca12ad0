package ee.lmstudio.server.door;

import java.util.Map;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.HttpStatus;

/**
 * Sets the reason phrase, which is the text after the status in the first line of an answer. For a
 * status that Grizzly does not know, it writes {@code CUSTOM}. The Servlet API cannot set the text.
 */
final class ReasonPhrase {
  /** The reason phrase that Grizzly uses for each status that it does not know. */
  private static final String UNKNOWN = "CUSTOM";

  /** The reason phrases of RFC 9110 and RFC 6585 for statuses that Grizzly does not know. */
  private static final Map<Integer, String> PHRASES =
      Map.of(422, "Unprocessable Content", 429, "Too Many Requests");

  private ReasonPhrase() {}

  /**
   * Sets the reason phrase if Grizzly does not know the status. Any other unknown status, which
   * only an answer of LM Studio can have, gets an empty one.
   */
  static void set(HttpResponsePacket response) {
    int status = response.getStatus();
    if (UNKNOWN.equals(HttpStatus.getHttpStatus(status).getReasonPhrase())) {
      response.setReasonPhrase(PHRASES.getOrDefault(status, ""));
    }
  }
}
