package ee.lmstudio.http.error;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers with LM Studio's own error. */
@Provider
public class RelayedErrorMapper implements ExceptionMapper<RelayedErrorException> {
  @Override
  public Response toResponse(RelayedErrorException exception) {
    Response.ResponseBuilder response =
        Response.status(exception.answer().status())
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(exception.answer().json());
    exception
        .retryAfter()
        .ifPresent(wait -> response.header("Retry-After", wait.plusMillis(999).toSeconds()));
    return response.build();
  }
}
