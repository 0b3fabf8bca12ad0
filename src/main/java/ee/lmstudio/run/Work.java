package ee.lmstudio.run;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.stream.StreamContent;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The work of a run. A generation is one kind of work. */
public interface Work {
  /** Returns the request, without options that only concern how it is answered. */
  JsonObject request();

  /** Returns what the entries of the stream will be. */
  StreamContent content();

  /** Returns the model that the request names; empty if it names none. */
  Optional<String> model();

  /**
   * Does the work on the calling thread, and returns when it has ended.
   *
   * @param caller the name of the caller, for telemetry
   * @param requestId the id of the HTTP request that started the work, for telemetry
   * @param writer receives the results of the work and, once, how it ended
   * @throws LmStudioException if the work failed; the writer may not know of it yet
   */
  void run(String caller, String requestId, RunWriter writer);

  /**
   * Frees what the request holds, such as a file. This method is called when the work has ended, or
   * will not begin. Further calls have no effect.
   */
  default void release() {}
}
