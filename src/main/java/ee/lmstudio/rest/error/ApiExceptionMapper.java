package ee.lmstudio.rest.error;

import ee.lmstudio.envelope.ApiError;
import jakarta.ws.rs.ext.Provider;

/** What our own checks refuse. */
@Provider
public class ApiExceptionMapper extends EnvelopeMapper<ApiException> {
  @Override
  ApiError error(ApiException exception) {
    return exception.error();
  }
}
