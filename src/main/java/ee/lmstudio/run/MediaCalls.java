package ee.lmstudio.run;

import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Creates the work of calls with audio and images. */
@ApplicationScoped
public class MediaCalls {
  /**
   * How many calls for images are at LM Studio at a time. The SDK holds an answer with images in
   * memory several times: as bytes, as text and as JSON.
   */
  static final int IMAGES_AT_ONCE = 2;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Semaphore images = new Semaphore(IMAGES_AT_ONCE, true);
  @Inject Upstreams upstreams;

  /** Calls LM Studio. */
  @FunctionalInterface
  public interface Call {
    /**
     * Makes the call.
     *
     * @param sdk makes the call for the caller of the run
     * @param out takes the parts of the answer, each as the data of one entry
     * @return what a reader of the stream must know of the answer besides, such as its media type
     */
    JsonObject run(SdkContract sdk, Consumer<String> out);
  }

  /**
   * Returns the work of a call with audio.
   *
   * @param request the request, with the hash of a recording in place of the recording
   * @param held is run when the recording is not needed any more
   */
  public Work audio(JsonObject request, Optional<String> model, Call call, Runnable held) {
    return new MediaWork(request, model, upstreams.machine(), call, held);
  }

  /** Returns the work of a call for images. */
  public Work images(JsonObject request, Optional<String> model, Call call) {
    Call inTurn =
        (sdk, out) -> {
          awaitTurn();
          try {
            return call.run(sdk, out);
          } finally {
            images.release();
          }
        };
    return new MediaWork(request, model, upstreams.machine(), inTurn, () -> {});
  }

  private void awaitTurn() {
    try {
      if (!images.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new OverloadedException(
            "The request for images has waited %d ms for its turn (%d are generated at a time)"
                .formatted(LONGEST_WAIT.toMillis(), IMAGES_AT_ONCE),
            "Send the request again later.",
            SOON);
      }
    } catch (InterruptedException cancelled) {
      throw new CancelledException(
          "The call was cancelled while it waited for its turn", "Send it again.", cancelled);
    }
  }
}
