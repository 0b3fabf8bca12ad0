package ee.lmstudio.http.error;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers an exception in the envelope. */
abstract class EnvelopeMapper<E extends Throwable> implements ExceptionMapper<E> {
  @Context HttpServletRequest request;

  abstract ApiError error(E exception);

  @Override
  public Response toResponse(E exception) {
    ApiError error = error(exception);
    Response.ResponseBuilder response =
        Response.status(error.status())
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(Envelope.error(error, RequestId.of(request)).toString());
    error.retryAfterSeconds().ifPresent(seconds -> response.header("Retry-After", seconds));
    return response.build();
  }
}
