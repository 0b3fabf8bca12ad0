package ee.lmstudio.http.error;

import jakarta.ws.rs.ext.Provider;

/** Answers requests that a check of this server refused. */
@Provider
public class ApiExceptionMapper extends ErrorMapper<ApiException> {
  @Override
  ApiError error(ApiException exception) {
    return exception.error();
  }
}
