package ee.lmstudio.server.door;

import java.util.Map;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.HttpStatus;

/**
 * The text behind the status in the first line of an answer. Grizzly writes {@code CUSTOM} there
 * for each status that it does not know, and the Servlet API cannot set the text.
 */
final class ReasonPhrase {
  /** What Grizzly calls a status that it does not know. */
  private static final String UNKNOWN = "CUSTOM";

  /** RFC 9110 and RFC 6585. LM Studio's answers, which are passed on, may have other statuses. */
  private static final Map<Integer, String> PHRASES =
      Map.of(422, "Unprocessable Content", 429, "Too Many Requests");

  private ReasonPhrase() {}

  /** Sets the text if Grizzly does not know the status. A status without a name gets no text. */
  static void set(HttpResponsePacket response) {
    int status = response.getStatus();
    if (UNKNOWN.equals(HttpStatus.getHttpStatus(status).getReasonPhrase())) {
      response.setReasonPhrase(PHRASES.getOrDefault(status, ""));
    }
  }
}
