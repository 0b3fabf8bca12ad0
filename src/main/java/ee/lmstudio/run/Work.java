package ee.lmstudio.run;

import ee.lmstudio.sdk.error.LmStudioException;
import jakarta.json.JsonObject;
import java.util.Optional;

/** What a run does: a generation is one kind. */
public interface Work {
  /** Returns the request, without options that only concern how it is answered. */
  JsonObject request();

  /** Returns the model that the request names; empty if it names none. */
  Optional<String> model();

  /**
   * Does the work on the calling thread, and returns when it has ended.
   *
   * @param caller who asked for it, for telemetry
   * @param requestId of the HTTP request that began it, for telemetry
   * @param writer is told what the work brings, and, once, how it ended
   * @throws LmStudioException if the work failed; the writer may not have been told
   */
  void run(String caller, String requestId, RunWriter writer);
}
