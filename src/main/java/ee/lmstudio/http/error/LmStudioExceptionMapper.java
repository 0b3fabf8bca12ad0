package ee.lmstudio.http.error;

import ee.lmstudio.sdk.error.LmStudioException;
import jakarta.ws.rs.ext.Provider;

/** Answers exceptions of the SDK. */
@Provider
public class LmStudioExceptionMapper extends ErrorMapper<LmStudioException> {
  @Override
  ApiError error(LmStudioException exception) {
    return ErrorTable.of(exception);
  }
}
