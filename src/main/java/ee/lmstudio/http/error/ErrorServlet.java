package ee.lmstudio.access;

import ee.lmstudio.http.error.AnswerForm;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorAnswer;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers errors that nobody else answered, in the form of the path: unknown paths, the container's
 * own refusals, exceptions. Says nothing of the server, the stack or the exception.
 */
@WebServlet(name = "error", urlPatterns = "/error", asyncSupported = true)
public class ErrorServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SecurityHeaders.set(response);
    ErrorAnswer.write(request, response, AnswerForm.of(failedPath(request)), error(request));
  }

  private static String failedPath(HttpServletRequest request) {
    Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    String path = uri == null ? request.getRequestURI() : uri.toString();
    String context = request.getContextPath();
    return path.startsWith(context) ? path.substring(context.length()) : path;
  }

  private static ApiError error(HttpServletRequest request) {
    boolean calledDirectly = request.getDispatcherType() != DispatcherType.ERROR;
    int status =
        !calledDirectly
                && request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : HttpServletResponse.SC_NOT_FOUND;
    ErrorCode code = ErrorCode.ofStatus(status);
    return ApiError.of(code, message(code), hint(code)).withStatus(status);
  }

  private static String message(ErrorCode code) {
    return switch (code) {
      case UNAUTHENTICATED -> "You are not signed in.";
      case FORBIDDEN -> "You may not do this.";
      case NOT_FOUND -> "There is nothing at this address.";
      case METHOD_NOT_ALLOWED -> "This address does not take this method.";
      case NOT_ACCEPTABLE -> "This address cannot answer in the form you accept.";
      case PAYLOAD_TOO_LARGE -> "The request is too large.";
      case UNSUPPORTED_MEDIA_TYPE -> "This address does not take this kind of body.";
      case RATE_LIMITED -> "Too many requests.";
      case OVERLOADED -> "The server cannot answer now.";
      case INTERNAL_ERROR -> "Something went wrong in the server.";
      default -> "The request cannot be understood.";
    };
  }

  private static String hint(ErrorCode code) {
    return switch (code) {
      case INTERNAL_ERROR -> "Tell the operator the request id; the log has the cause.";
      case OVERLOADED, RATE_LIMITED -> "Try again in a moment.";
      case UNAUTHENTICATED -> "Send 'Authorization: Bearer <access token>', or sign in at /login.";
      default -> "Check method, address, headers and body against /openapi.";
    };
  }
}
