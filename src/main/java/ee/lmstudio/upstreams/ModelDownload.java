package ee.lmstudio.upstreams;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.RetryableException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Lets LM Studio download a model, and asks it for the progress until the model is there. */
final class ModelDownload {
  /** After this number of failed requests in a row, the download counts as lost. */
  static final int MOST_FAILURES = 5;

  private static final String PATH = "api/v1/models/download";
  private static final String STATUS = "status";

  /** Number of steps in which progress is reported, so that the log of a download stays small. */
  private static final double STEPS = 1000;

  private final Upstream upstream;
  private final DownloadPatience patience;

  ModelDownload(Upstream upstream, DownloadPatience patience) {
    this.upstream = upstream;
    this.patience = patience;
  }

  /**
   * Downloads a model. Interrupting the thread ends the wait; LM Studio goes on.
   *
   * @param body the request, with {@code model}
   * @param progress receives the part that was downloaded, 0 to 1, whenever it is known
   * @return LM Studio's last answer
   * @throws ee.lmstudio.sdk.error.TimeoutException if the download makes no progress for too long
   */
  JsonObject run(JsonObject body, Consumer<OptionalDouble> progress) {
    JsonObject job =
        call(call -> call.send(Capability.MODEL_DOWNLOAD, () -> upstream.post(PATH, body, call)));
    int failures = 0;
    progress.accept(part(job));
    while (isRunning(job)) {
      pause(patience.next(job));
      try {
        String id = JsonText.string(job, "job_id").orElse("");
        // Without a capability: a job that LM Studio does not know says nothing about others.
        JsonObject now = call(call -> call.send(() -> upstream.get(PATH + "/status/" + id, call)));
        job = JSON.createObjectBuilder(job).addAll(JSON.createObjectBuilder(now)).build();
        failures = 0;
        progress.accept(part(job));
      } catch (LmStudioException failed) {
        failures++;
        if (!(failed instanceof RetryableException) || failures == MOST_FAILURES) {
          throw failed;
        }
      }
    }
    if (JsonText.string(job, STATUS).filter("failed"::equals).isPresent()) {
      throw new ServerException(
          200, "LM Studio could not download the model", "Read LM Studio's log, then try again.");
    }
    return job;
  }

  private static boolean isRunning(JsonObject job) {
    String status = JsonText.string(job, STATUS).orElse("");
    boolean known = JsonText.string(job, "job_id").filter(id -> id.matches("[\\w.-]+")).isPresent();
    return known && (status.equals("downloading") || status.equals("paused"));
  }

  private static OptionalDouble part(JsonObject job) {
    OptionalDouble all = JsonText.number(job, "total_size_bytes");
    OptionalDouble done = JsonText.number(job, "downloaded_bytes");
    return all.isPresent() && done.isPresent() && all.getAsDouble() > 0
        ? OptionalDouble.of(
            Math.floor(Math.clamp(done.getAsDouble() / all.getAsDouble(), 0.0, 1.0) * STEPS)
                / STEPS)
        : OptionalDouble.empty();
  }

  private static void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          "The wait for the download was cancelled", "LM Studio goes on with it.", cancelled);
    }
  }

  private interface Sender {
    HttpAnswer send(UpstreamCall call);
  }

  private JsonObject call(Sender sender) {
    return upstream
        .plain(CallMethod.DOWNLOAD_MODEL)
        .run(
            call -> {
              HttpAnswer answer = sender.send(call);
              Optional<JsonObject> json =
                  JsonText.readObject(answer.text()).filter(object -> object.containsKey(STATUS));
              call.end();
              return json.orElseThrow(() -> upstream.errors().of(answer));
            });
  }
}
