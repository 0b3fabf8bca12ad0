package ee.lmstudio.server.door;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;

/**
 * An error that the door answers, in the error format of the path: the JSON envelope, OpenAI's
 * error object, or a page. The WAR has the same formats, but the door must answer while there is no
 * WAR; a test compares the two. All texts are constants, so that nothing needs to be escaped.
 *
 * @param status the HTTP status
 * @param code the error code of the contract
 * @param message says what failed
 * @param hint says what to do next
 */
record DoorError(int status, String code, String message, String hint) {

  static final DoorError NOT_READY =
      new DoorError(
          503,
          "overloaded",
          "The server is starting or stopping.",
          "Try again in a second. /health/ready answers 200 when the server is ready.");
  static final DoorError OVERLOADED =
      new DoorError(
          503, "overloaded", "Too many requests are waiting for the server.", "Try again later.");

  private static final String COMPARE =
      "Compare the method, the headers and the body with the OpenAPI document at /openapi.";

  static DoorError malformed(String message, String hint) {
    return new DoorError(400, "malformed_request", message, hint);
  }

  /**
   * Returns the refusal that takes the place of an answer of Payara. Only the status of that answer
   * is kept, and a redirect becomes 404, because Payara redirects to any host that a client names.
   */
  static DoorError inPlaceOf(int status) {
    return switch (status) {
      case 405, 501 ->
          new DoorError(
              405, "method_not_allowed", "This path does not allow this method.", COMPARE);
      case 413 -> new DoorError(413, "payload_too_large", "The request is too large.", COMPARE);
      case 503 -> NOT_READY;
      case 505 ->
          new DoorError(
              505,
              "malformed_request",
              "The server does not speak this version of HTTP.",
              "Use HTTP/1.1.");
      default -> {
        if (status >= 500) {
          yield new DoorError(
              500,
              "internal_error",
              "The server failed.",
              "Tell the operator the request id. The server's log has the cause.");
        }
        boolean nothing = status == 404 || status >= 300 && status < 400;
        yield nothing
            ? new DoorError(
                404,
                "not_found",
                "There is no resource at this path.",
                "Compare the path with the OpenAPI document at /openapi.")
            : malformed("The server does not understand the request.", COMPARE);
      }
    };
  }

  /** Returns this refusal as the answer to a request. */
  Answer in(HttpRequestPacket request) {
    String id = Answer.requestId(request);
    Map<String, String> headers = status == 503 ? Map.of("Retry-After", "1") : Map.of();
    return switch (Format.of(request.getRequestURI())) {
      case ENVELOPE -> new Answer(status, "application/json", envelope(id), id, headers);
      case OPENAI -> new Answer(status, "application/json", openAi(), id, headers);
      case PAGE -> new Answer(status, "text/html;charset=UTF-8", page(id), id, headers);
    };
  }

  private String envelope(String id) {
    return "{\"status\":\"error\",\"error\":{\"code\":\"%s\",\"message\":\"%s\",\"hint\":\"%s\"},\"meta\":{\"request_id\":\"%s\"}}"
        .formatted(code, message, hint, id);
  }

  private String openAi() {
    return "{\"error\":{\"message\":\"%s %s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
        .formatted(
            message,
            hint,
            status < 500 ? "invalid_request_error" : "server_error",
            code.equals("not_found") ? "unknown_url" : code);
  }

  private String page(String id) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head><meta charset="UTF-8"><meta name="viewport" content="width=device-width">
    <title>Error %d</title></head>
    <body><main><h1>%s</h1><p>%s</p><p>Request %s</p></main></body>
    </html>
    """
        .formatted(status, message, hint, id);
  }

  /** The error formats of the WAR's RouteTable. */
  enum Format {
    ENVELOPE,
    OPENAI,
    PAGE;

    /** Returns the format of a request target, which need not be readable. */
    static Format of(String target) {
      String path = path(target == null ? "" : target);
      if (isBelow(path, "/v1")) {
        return OPENAI;
      }
      boolean api =
          isBelow(path, "/api")
              || isBelow(path, "/health")
              || isBelow(path, "/openapi")
              || isBelow(path, "/metrics")
              || isBelow(path, "/simulator");
      return api ? ENVELOPE : PAGE;
    }

    private static boolean isBelow(String path, String prefix) {
      return path.startsWith(prefix)
          && (path.length() == prefix.length() || "/%;".indexOf(path.charAt(prefix.length())) >= 0);
    }

    private static String path(String target) {
      String rooted = target.replaceFirst("^[a-zA-Z]+://[^/]*", "").replaceAll("//+", "/");
      try {
        return URLDecoder.decode(rooted.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException undecodable) {
        return rooted;
      }
    }
  }
}
