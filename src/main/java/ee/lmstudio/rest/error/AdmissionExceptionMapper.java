package ee.lmstudio.rest.error;

import ee.lmstudio.envelope.ApiError;
import ee.lmstudio.inference.AdmissionException;
import jakarta.ws.rs.ext.Provider;

/** Our own limits. */
@Provider
public class AdmissionExceptionMapper extends EnvelopeMapper<AdmissionException> {
  @Override
  ApiError error(AdmissionException exception) {
    return ErrorTable.of(exception);
  }
}
