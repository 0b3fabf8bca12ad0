package ee.lmstudio.http.error;

import ee.lmstudio.http.Route.ErrorFormat;
import ee.lmstudio.http.RouteTable;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An error as a route answers it.
 *
 * @param status the HTTP status; OpenAI's error format has another one for wrong fields
 * @param mediaType the media type of the body
 * @param body the text of the body
 */
public record ErrorAnswer(int status, String mediaType, String body) {

  /** Returns the answer that reports {@code error} in a format. */
  static ErrorAnswer of(ApiError error, ErrorFormat format, String requestId) {
    return switch (format) {
      case ENVELOPE ->
          new ErrorAnswer(
              error.status(), "application/json", Envelope.error(error, requestId).toString());
      case OPENAI ->
          new ErrorAnswer(
              OpenAiError.status(error), "application/json", OpenAiError.of(error).toString());
      case PAGE ->
          new ErrorAnswer(error.status(), "text/html;charset=UTF-8", page(error, requestId));
    };
  }

  /**
   * Answers a request with {@code error}, in the error format of its route. Does nothing if the
   * response is committed: then the container breaks the answer off, which tells the client that it
   * is not complete.
   */
  public static void write(HttpServletRequest request, HttpServletResponse response, ApiError error)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    String id = RequestId.of(request);
    response.resetBuffer();
    response.setHeader(RequestId.HEADER, id);
    response.setHeader("Cache-Control", "no-store");
    error.retryAfterSeconds().ifPresent(seconds -> response.setHeader("Retry-After", seconds));
    if (error.status() == HttpServletResponse.SC_UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    ErrorAnswer answer = of(error, RouteTable.of(request).errors(), id);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    response.setContentType(answer.mediaType());
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  private static String page(ApiError error, String id) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head><meta charset="UTF-8"><meta name="viewport" content="width=device-width">
    <title>Error %d</title></head>
    <body><main><h1>%s</h1><p>%s</p><p>Request %s</p></main></body>
    </html>
    """
        .formatted(error.status(), escape(error.message()), escape(error.hint()), id);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
