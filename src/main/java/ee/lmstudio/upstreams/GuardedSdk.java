package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.LoadedModel;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * Guards the calls to one upstream. Streams are not guarded, because they have their own recovery.
 * The health check is not guarded, because it shows when LM Studio is available again. If a guard
 * refuses a call, the call throws an exception of the SDK.
 */
final class GuardedSdk implements SdkContract {
  private final SdkContract sdk;
  private final Guard plain;
  private final Guard work;
  private final CallTimeouts timeouts;
  private final CallListener telemetry;
  private final CallOptions options;

  /**
   * @param plain guards calls that generate nothing
   * @param work guards calls that take long: audio, images, loading a model
   * @param timeouts catches calls that the SDK's own limits could not end
   * @param telemetry receives records of calls that a guard refuses; the SDK reports all other
   *     calls
   */
  GuardedSdk(
      SdkContract sdk, Guard plain, Guard work, CallTimeouts timeouts, CallListener telemetry) {
    this(sdk, plain, work, timeouts, telemetry, CallOptions.NONE);
  }

  private GuardedSdk(
      SdkContract sdk,
      Guard plain,
      Guard work,
      CallTimeouts timeouts,
      CallListener telemetry,
      CallOptions options) {
    this.sdk = sdk;
    this.plain = plain;
    this.work = work;
    this.timeouts = timeouts;
    this.telemetry = telemetry;
    this.options = options;
  }

  @Override
  public GuardedSdk with(CallOptions some) {
    return new GuardedSdk(sdk.with(some), plain, work, timeouts, telemetry, some.over(options));
  }

  @Override
  public HealthStatus healthCheck() {
    return sdk.healthCheck();
  }

  @Override
  public ModelPage listModels(ModelFilter filter) {
    return plain(CallMethod.LIST_MODELS, () -> sdk.listModels(filter));
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
    return plain(CallMethod.CREATE_EMBEDDING, () -> sdk.createEmbedding(request));
  }

  @Override
  public Transcript createTranscription(TranscriptionRequest request) {
    return work(CallMethod.CREATE_TRANSCRIPTION, () -> sdk.createTranscription(request));
  }

  @Override
  public Transcript createTranslation(TranscriptionRequest request) {
    return work(CallMethod.CREATE_TRANSLATION, () -> sdk.createTranslation(request));
  }

  @Override
  public Speech createSpeech(SpeechRequest request, OutputStream sink) {
    return work(CallMethod.CREATE_SPEECH, () -> sdk.createSpeech(request, sink));
  }

  @Override
  public ImageAnswer createImage(ImageRequest request) {
    return work(CallMethod.CREATE_IMAGE, () -> sdk.createImage(request));
  }

  @Override
  public LoadedModel loadModel(LoadRequest request) {
    return work(CallMethod.LOAD_MODEL, () -> sdk.loadModel(request));
  }

  @Override
  public void unloadModel(String instanceId) {
    plain(
        CallMethod.UNLOAD_MODEL,
        () -> {
          sdk.unloadModel(instanceId);
          return null;
        });
  }

  /** Guards a call that generates nothing. */
  <T> T plain(CallMethod method, Supplier<T> call) {
    Supplier<T> once = new Once<>(call);
    return guarded(method, () -> plain.call(caller(), () -> timeouts.plain(once)));
  }

  private <T> T work(CallMethod method, Supplier<T> call) {
    Supplier<T> once = new Once<>(call);
    return guarded(method, () -> work.call(caller(), () -> timeouts.work(once)));
  }

  /**
   * Forgets the call when it is made. Payara's timer for a call keeps its arguments until the time
   * limit has passed, even if the call has ended, and would keep the whole request with them.
   */
  private static final class Once<T> implements Supplier<T> {
    private Supplier<T> call;

    Once(Supplier<T> call) {
      this.call = call;
    }

    @Override
    public T get() {
      Supplier<T> now = call;
      call = null;
      return now.get();
    }
  }

  private String caller() {
    return options.actor().orElse("");
  }

  private <T> T guarded(CallMethod method, Supplier<T> call) {
    try {
      return call.get();
    } catch (Guard.Refused refused) {
      // The SDK did not see this call, so that it has not reported it.
      telemetry.onCall(CallRecord.refused(method, refused.error(), options));
      throw refused.error();
    } catch (TimeoutException late) {
      throw new ServerException(
          504,
          "LM Studio did not answer, and the call could not be ended in time",
          "Check LM Studio's server log, then retry.");
    }
  }
}
