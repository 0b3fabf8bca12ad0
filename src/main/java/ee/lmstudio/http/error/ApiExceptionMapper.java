package ee.lmstudio.http.error;

import jakarta.ws.rs.ext.Provider;

/** What our own checks refuse. */
@Provider
public class ApiExceptionMapper extends EnvelopeMapper<ApiException> {
  @Override
  ApiError error(ApiException exception) {
    return exception.error();
  }
}
