package ee.lmstudio.server.door;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.memory.Buffers;

/**
 * A whole answer that the door gives in place of Payara or the application.
 *
 * @param status the HTTP status
 * @param mediaType the media type of the body
 * @param body the text of the body
 * @param requestId the id of the request
 * @param headers further headers
 */
record Answer(
    int status, String mediaType, String body, String requestId, Map<String, String> headers) {
  /** The header that every answer of the application has, and no answer of Payara itself. */
  static final String REQUEST_ID = "X-Request-Id";

  /** The same headers as those of the WAR's SecurityHeaders, which this jar cannot see. */
  static final Map<String, String> SECURITY_HEADERS = securityHeaders();

  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static Map<String, String> securityHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
            + " trusted-types dompurify lit-html");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    return headers;
  }

  /** Returns the id that the client sent, if it is safe to repeat; otherwise a new one. */
  static String requestId(HttpRequestPacket request) {
    String offered = request.getHeader(REQUEST_ID);
    return offered != null && SAFE_ID.matcher(offered).matches()
        ? offered
        : UUID.randomUUID().toString();
  }

  /**
   * Replaces the status and the headers of {@code response} by those of this answer, and returns
   * the whole body.
   */
  HttpContent on(HttpResponsePacket response) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.getRequest().setIgnoreContentModifiers(false); // Set if an upgrade was offered.
    response.getHeaders().clear();
    response.setStatus(status);
    response.setChunked(false);
    response.setContentType(mediaType);
    response.setHeader(REQUEST_ID, requestId);
    response.setHeader("Cache-Control", "no-store");
    SECURITY_HEADERS.forEach(response::setHeader);
    headers.forEach(response::setHeader);
    response.setContentLength(bytes.length);
    return HttpContent.builder(response).content(Buffers.wrap(null, bytes)).last(true).build();
  }
}
