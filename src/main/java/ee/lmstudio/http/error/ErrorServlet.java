package ee.lmstudio.http.error;

import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.SecurityHeaders;
import jakarta.enterprise.context.NonexistentConversationException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Answers errors that no other class has answered, in the error format of the route: refusals of
 * the container, exceptions, and paths below the API roots that have no resource. The answers
 * reveal nothing about the server software, the stack or the exception.
 *
 * <p>The directories of the web application are mapped too: without a mapping, the container
 * redirects {@code /js} to {@code /js/} before any filter has checked the request.
 */
@WebServlet(
    name = "error",
    urlPatterns = {
      ErrorServlet.PATH,
      RouteTable.API_ROOT + "/*",
      "/ai",
      "/ai/lmstudio",
      "/css",
      "/css/vendor",
      "/css/vendor/fonts",
      "/js",
      "/js/page",
      "/js/page/markdown",
      "/js/sdk",
      "/js/sdk/composables",
      "/js/sdk/mocks",
      "/js/sdk/store",
      "/js/sdk/stream",
      "/js/vendor"
    },
    asyncSupported = true)
public class ErrorServlet extends HttpServlet {
  /** The error page of web.xml. */
  static final String PATH = "/error";

  private static final long serialVersionUID = 1;

  private static final Logger LOG = Logger.getLogger(ErrorServlet.class.getName());

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SecurityHeaders.set(response);
    ErrorAnswer.write(request, response, error(request));
  }

  /** Answers a request with the error for a status, if the container calls no error page. */
  public static void answer(HttpServletRequest request, HttpServletResponse response, int status)
      throws IOException {
    ErrorAnswer.write(request, response, error(status, request));
  }

  private static ApiError error(HttpServletRequest request) {
    if (request.getDispatcherType() != DispatcherType.ERROR) {
      return AccessErrors.nothingThere();
    }
    if (!(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status)) {
      return AccessErrors.nothingThere();
    }
    return error(status, request);
  }

  private static ApiError error(int status, HttpServletRequest request) {
    ApiError error = error(status);
    return error.code() == ErrorCode.INTERNAL_ERROR ? explained(error, request) : error;
  }

  /**
   * Logs the cause of a defect, and returns {@code error}. If the cause is the client's fault,
   * returns the error for it.
   */
  private static ApiError explained(ApiError error, HttpServletRequest request) {
    Throwable cause = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    for (Throwable part = cause; part != null; part = part.getCause()) {
      if (part instanceof ViewExpiredException
          || part instanceof NonexistentConversationException) {
        LOG.log(
            Level.WARNING,
            "Request {0} was refused: it belongs to a page that this server does not know",
            RequestId.of(request));
        return AccessErrors.unknownPageState();
      }
    }
    String what = cause == null ? "; the container gave no cause" : "";
    // Without a cause, the client has usually left, and clients can leave many requests: the log
    // limits warnings, but logs every error of the application.
    LOG.log(
        cause == null ? Level.WARNING : Level.SEVERE,
        "Request " + RequestId.of(request) + " failed with status " + error.status() + what,
        cause);
    return error;
  }

  private static ApiError error(int status) {
    // The container answers 501 for a method that no servlet knows.
    int told =
        status == HttpServletResponse.SC_NOT_IMPLEMENTED
            ? HttpServletResponse.SC_METHOD_NOT_ALLOWED
            : status;
    ErrorCode code = ErrorCode.ofStatus(told);
    return switch (code) {
      case UNAUTHENTICATED -> AccessErrors.notSignedIn();
      case NOT_FOUND -> AccessErrors.nothingThere();
      default -> ApiError.of(code, message(code), hint(code)).withStatus(told);
    };
  }

  private static String message(ErrorCode code) {
    return switch (code) {
      case FORBIDDEN -> "You are not allowed to do this.";
      case METHOD_NOT_ALLOWED -> "This path does not allow this method.";
      case NOT_ACCEPTABLE -> "This path cannot answer with a media type that you accept.";
      case PAYLOAD_TOO_LARGE -> "The request is too large.";
      case UNSUPPORTED_MEDIA_TYPE -> "This path does not accept this Content-Type.";
      case RATE_LIMITED -> "You sent too many requests.";
      case OVERLOADED -> "The server cannot answer now.";
      case INTERNAL_ERROR -> "The server failed.";
      default -> "The server does not understand the request.";
    };
  }

  private static String hint(ErrorCode code) {
    return switch (code) {
      case INTERNAL_ERROR -> "Tell the operator the request id. The server's log has the cause.";
      case OVERLOADED, RATE_LIMITED -> "Try again in a moment.";
      default ->
          "Compare the method, the headers and the body with the OpenAPI document at /openapi.";
    };
  }
}
