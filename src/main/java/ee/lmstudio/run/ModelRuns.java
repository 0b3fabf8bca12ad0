package ee.lmstudio.run;

import ee.lmstudio.run.ModelWork.Operation;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;

/**
 * Starts runs that load, unload or download a model. All admins who send the same request while its
 * run is working get that run.
 */
@ApplicationScoped
public class ModelRuns {
  /** A load or a download goes on without a client. */
  private static final Duration GRACE = Duration.ofDays(7);

  @Inject Runs runs;
  @Inject Upstreams upstreams;
  private final IdempotentRuns working = new IdempotentRuns(Run::canBeJoined, run -> false);

  /**
   * Starts to load a model.
   *
   * @param body {@code model}, and load settings under LM Studio's names
   * @throws ValidationException if a field is invalid
   */
  public StartedRun load(JsonObject body, String caller, String requestId) {
    LoadRequest.of(body);
    return start(Operation.LOAD, body, caller, requestId);
  }

  /**
   * Starts to unload one instance, or all instances of a model.
   *
   * @param body {@code instance_id} or {@code model}
   * @throws ValidationException if it does not have exactly one of them
   */
  public StartedRun unload(JsonObject body, String caller, String requestId) {
    boolean instance = isText(body, "instance_id");
    boolean model = isText(body, "model");
    if (instance == model) {
      throw ValidationException.of(
          "instance_id", model ? "is sent together with model" : "is missing; send it, or model");
    }
    return start(Operation.UNLOAD, body, caller, requestId);
  }

  /**
   * Starts to download a model.
   *
   * @param body {@code model}, and what else LM Studio understands
   * @throws ValidationException if {@code model} is missing
   */
  public StartedRun download(JsonObject body, String caller, String requestId) {
    if (!isText(body, "model")) {
      throw ValidationException.of("model", "is missing; name a model of the catalog");
    }
    return start(Operation.DOWNLOAD, body, caller, requestId);
  }

  /** Returns whether a field is a text with characters. */
  private static boolean isText(JsonObject body, String field) {
    JsonValue value = body.getOrDefault(field, JsonValue.NULL);
    if (value == JsonValue.NULL) {
      return false;
    }
    if (!(value instanceof JsonString text) || text.getString().isBlank()) {
      throw ValidationException.of(field, "is not a text with characters");
    }
    return true;
  }

  private StartedRun start(Operation operation, JsonObject body, String caller, String requestId) {
    working.tidy();
    StartedRun started = startOrFind(operation, body, caller, requestId);
    while (!started.run().join(caller)) {
      // The run was cancelled after it was found, and cannot be found again.
      started = startOrFind(operation, body, caller, requestId);
    }
    return started;
  }

  private StartedRun startOrFind(
      Operation operation, JsonObject body, String caller, String requestId) {
    return working
        .startOrFind(
            "",
            operation.name() + PromptHash.of(body),
            operation.name(),
            body,
            () ->
                runs.start(
                    new RunRequest(
                        new ModelWork(operation, body, upstreams.machine()),
                        caller,
                        requestId,
                        GRACE,
                        Runs.Opens.WHEN_ACCEPTED)))
        .orElseThrow();
  }
}
