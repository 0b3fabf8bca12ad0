package ee.lmstudio.http.error;

import ee.lmstudio.sdk.error.LmStudioException;
import jakarta.ws.rs.ext.Provider;

/** What the SDK throws. */
@Provider
public class LmStudioExceptionMapper extends EnvelopeMapper<LmStudioException> {
  @Override
  ApiError error(LmStudioException exception) {
    return ErrorTable.of(exception);
  }
}
