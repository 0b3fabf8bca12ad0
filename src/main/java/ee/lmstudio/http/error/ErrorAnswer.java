package ee.lmstudio.http.error;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes an error to a servlet's response, in the form of the path. */
public final class ErrorAnswer {
  private ErrorAnswer() {}

  /**
   * Answers with {@code error}. Does nothing if the answer has begun: then only breaking it off
   * would tell, which the container does.
   */
  public static void write(
      HttpServletRequest request, HttpServletResponse response, AnswerForm form, ApiError error)
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
    switch (form) {
      case ENVELOPE ->
          body(response, error.status(), "application/json", Envelope.error(error, id).toString());
      case OPENAI ->
          body(
              response,
              OpenAiError.status(error),
              "application/json",
              OpenAiError.of(error).toString());
      case PAGE -> body(response, error.status(), "text/html;charset=UTF-8", page(error, id));
    }
  }

  private static void body(HttpServletResponse response, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType(type);
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
