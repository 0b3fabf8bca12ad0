package ee.lmstudio.http.error;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** Answers requests that JAX-RS itself refused: unknown paths, methods and media types. */
@Provider
public class WebApplicationExceptionMapper extends ErrorMapper<WebApplicationException> {
  @Override
  ApiError error(WebApplicationException exception) {
    int status = exception.getResponse().getStatus();
    ErrorCode code = ErrorCode.ofStatus(status);
    String what = request.getMethod() + " " + request.getRequestURI();
    return switch (code) {
      case NOT_FOUND ->
          ApiError.of(
              code,
              "There is no resource at " + request.getRequestURI() + ".",
              "Compare the path with the OpenAPI document at /openapi.");
      case METHOD_NOT_ALLOWED ->
          ApiError.of(code, what + " is not allowed.", "Use a method that the Allow header lists.");
      default ->
          ApiError.of(
                  code,
                  what + " was refused.",
                  "Compare the request with the OpenAPI document at /openapi.")
              .withStatus(status);
    };
  }

  @Override
  public Response toResponse(WebApplicationException exception) {
    Response answer = super.toResponse(exception);
    String allow = exception.getResponse().getHeaderString("Allow");
    return allow == null ? answer : Response.fromResponse(answer).header("Allow", allow).build();
  }
}
