package ee.lmstudio.http.error;

import jakarta.ws.rs.ext.Provider;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Answers defects of this server. The log has the whole exception; the caller gets only the request
 * id.
 */
@Provider
public class DefectMapper extends ErrorMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(DefectMapper.class.getName());

  @Override
  ApiError error(Throwable defect) {
    LOG.log(
        Level.SEVERE, "Request " + RequestId.of(request) + " failed because of a defect", defect);
    return ApiError.of(
        ErrorCode.INTERNAL_ERROR,
        "The server has a defect.",
        "Search the server's log for the request id.");
  }
}
