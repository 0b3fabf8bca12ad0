package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * The SDK with its plain calls guarded. Streams are not: they have recovery of their own. Nor is
 * the health check, which is how one learns that LM Studio is back. What the guard refuses is told
 * by the SDK's own exceptions.
 */
final class GuardedSdk implements SdkContract {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final SdkContract sdk;
  private final CallGuard guard;
  private final CallListener telemetry;
  private final CallOptions options;

  /**
   * @param telemetry is told of what the guard refuses; of all else the SDK tells it
   */
  GuardedSdk(SdkContract sdk, CallGuard guard, CallListener telemetry) {
    this(sdk, guard, telemetry, CallOptions.NONE);
  }

  private GuardedSdk(
      SdkContract sdk, CallGuard guard, CallListener telemetry, CallOptions options) {
    this.sdk = sdk;
    this.guard = guard;
    this.telemetry = telemetry;
    this.options = options;
  }

  @Override
  public SdkContract with(CallOptions some) {
    return new GuardedSdk(sdk.with(some), guard, telemetry, some.over(options));
  }

  @Override
  public HealthStatus healthCheck() {
    return sdk.healthCheck();
  }

  @Override
  public ModelPage listModels(ModelFilter filter) {
    return told(CallMethod.LIST_MODELS, () -> guard.plain(() -> sdk.listModels(filter)));
  }

  @Override
  public Completion createChatCompletion(ChatRequest request, StreamObserver observer) {
    return sdk.createChatCompletion(request, observer);
  }

  @Override
  public StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer) {
    return sdk.startChatCompletion(request, observer);
  }

  @Override
  public Completion createCompletion(CompletionRequest request, StreamObserver observer) {
    return sdk.createCompletion(request, observer);
  }

  @Override
  public StreamHandle startCompletion(CompletionRequest request, StreamObserver observer) {
    return sdk.startCompletion(request, observer);
  }

  @Override
  public EmbeddingAnswer createEmbedding(EmbeddingRequest request) {
    return told(CallMethod.CREATE_EMBEDDING, () -> guard.plain(() -> sdk.createEmbedding(request)));
  }

  @Override
  public Transcript createTranscription(TranscriptionRequest request) {
    return told(
        CallMethod.CREATE_TRANSCRIPTION, () -> guard.work(() -> sdk.createTranscription(request)));
  }

  @Override
  public Transcript createTranslation(TranscriptionRequest request) {
    return told(
        CallMethod.CREATE_TRANSLATION, () -> guard.work(() -> sdk.createTranslation(request)));
  }

  @Override
  public Speech createSpeech(SpeechRequest request, OutputStream sink) {
    return told(CallMethod.CREATE_SPEECH, () -> guard.work(() -> sdk.createSpeech(request, sink)));
  }

  @Override
  public ImageAnswer createImage(ImageRequest request) {
    return told(CallMethod.CREATE_IMAGE, () -> guard.work(() -> sdk.createImage(request)));
  }

  private <T> T told(CallMethod method, Supplier<T> call) {
    try {
      return call.get();
    } catch (CircuitBreakerOpenException open) {
      throw refused(
          method,
          new ConnectionException(
              "LM Studio failed again and again, so it is left alone for a while: nothing was sent",
              "It is asked again within %d s. See what the health check says of it."
                  .formatted(CallGuard.OPEN_MILLIS / 1000),
              open));
    } catch (BulkheadException full) {
      throw refused(
          method,
          new OverloadedException(
              "As many calls as may wait for LM Studio at once: nothing was sent",
              "Wait a second and ask again.",
              SOON));
    } catch (TimeoutException late) {
      throw new ServerException(
          504,
          "LM Studio did not answer, and the call could not be ended in time",
          "Look into LM Studio's server log, then ask again.");
    }
  }

  /** The SDK did not hear of this call, so it told nobody. */
  private LmStudioException refused(CallMethod method, LmStudioException error) {
    telemetry.onCall(CallRecord.refused(method, error, options));
    return error;
  }
}
