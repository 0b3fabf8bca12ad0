package ee.lmstudio.http.error;

import jakarta.ws.rs.ext.Provider;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Answers a defect of ours: the log has all of it, the caller gets only the id of the request. */
@Provider
public class DefectMapper extends ErrorMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(DefectMapper.class.getName());

  @Override
  ApiError error(Throwable defect) {
    LOG.log(Level.SEVERE, "Request " + RequestId.of(request) + " failed by a defect", defect);
    return ApiError.of(
        ErrorCode.INTERNAL_ERROR,
        "The server failed.",
        "Look for the request id in the server's log.");
  }
}
