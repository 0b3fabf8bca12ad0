package ee.lmstudio.http.error;

import jakarta.ws.rs.ext.Provider;

/** Answers what our own checks refuse. */
@Provider
public class ApiExceptionMapper extends ErrorMapper<ApiException> {
  @Override
  ApiError error(ApiException exception) {
    return exception.error();
  }
}
