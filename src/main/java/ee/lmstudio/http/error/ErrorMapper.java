package ee.lmstudio.http.error;

import ee.lmstudio.http.RouteTable;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers an exception in the error format of the request's route. */
abstract class ErrorMapper<E extends Throwable> implements ExceptionMapper<E> {
  private static final int CONFLICT = 409;

  @Context HttpServletRequest request;

  abstract ApiError error(E exception);

  @Override
  public Response toResponse(E exception) {
    ApiError error = error(exception);
    ErrorAnswer answer =
        ErrorAnswer.of(error, RouteTable.of(request).errors(), RequestId.of(request));
    Response.ResponseBuilder response =
        Response.status(answer.status()).type(answer.mediaType()).entity(answer.body());
    error.retryAfterSeconds().ifPresent(seconds -> response.header("Retry-After", seconds));
    if (answer.status() == CONFLICT) {
      // OpenAI's clients repeat a request after 409, which would start a generation again.
      response.header("x-should-retry", "false");
    }
    return response.build();
  }
}
