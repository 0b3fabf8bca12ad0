package ee.lmstudio.sdk.internal;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.detection.Gates;
import ee.lmstudio.sdk.internal.detection.KnownServer;
import ee.lmstudio.sdk.internal.http.JsonSender;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.listing.Health;
import ee.lmstudio.sdk.internal.listing.ModelListing;
import ee.lmstudio.sdk.internal.listing.ModelLoading;
import ee.lmstudio.sdk.internal.negotiation.GenerationCall;
import ee.lmstudio.sdk.internal.operations.AudioCall;
import ee.lmstudio.sdk.internal.operations.EmbeddingCall;
import ee.lmstudio.sdk.internal.operations.ImageCall;
import ee.lmstudio.sdk.internal.operations.SpeechCall;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.GenerationRequest;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** Implements the SDK's contract over HTTP. */
public final class HttpSdk implements LmStudio {
  private final Upstream upstream;
  private final KnownServer server;
  private final Gates gates;
  private final ModelListing models;
  private final Health health;
  private final ModelLoading loading;

  /**
   * Connects without sending anything.
   *
   * @param listener receives a record of every call; may be empty
   */
  public HttpSdk(LmStudioSettings settings, Optional<CallListener> listener) {
    this(new Upstream(settings, listener));
  }

  /**
   * Connects with another client for plain JSON requests.
   *
   * @param sender creates that client
   */
  public HttpSdk(
      LmStudioSettings settings, Optional<CallListener> listener, JsonSender.Factory sender) {
    this(new Upstream(settings, listener, sender));
  }

  /**
   * Creates an SDK for tests.
   *
   * @param patience how long callers wait before their listing may use an additional place; zero:
   *     it never may
   */
  public HttpSdk(LmStudioSettings settings, Optional<CallListener> listener, Duration patience) {
    this(new Upstream(settings, listener), new KnownServer(InstantSource.system()), patience);
  }

  private HttpSdk(Upstream upstream) {
    this(upstream, new KnownServer(InstantSource.system()), ModelListing.PATIENCE);
  }

  private HttpSdk(Upstream upstream, KnownServer server, Duration patience) {
    this(
        upstream, server, new ModelListing(upstream, server, patience), new ModelLoading(upstream));
  }

  /**
   * All views share what is known of the server, and each view asks the server with its own key.
   */
  private HttpSdk(
      Upstream upstream, KnownServer server, ModelListing models, ModelLoading loading) {
    this.upstream = upstream;
    this.server = server;
    gates = new Gates(upstream, server);
    upstream.guardBy(gates);
    this.models = models;
    health = new Health(upstream, models, server);
    this.loading = loading;
  }

  @Override
  public HttpSdk with(CallOptions options) {
    Upstream view = upstream.with(options);
    return new HttpSdk(view, server, models.by(view), loading.by(view));
  }

  /**
   * Returns the access to LM Studio with other options, for requests that the SDK does not know.
   */
  public Upstream upstream(CallOptions options) {
    return with(options).upstream;
  }

  @Override
  public HealthStatus healthCheck() {
    return upstream
        .probe(CallMethod.HEALTH_CHECK, upstream.settings().maxRetries())
        .run(health::check);
  }

  @Override
  public ModelPage listModels(ModelFilter filter) {
    return upstream.plain(CallMethod.LIST_MODELS).run(call -> models.list(filter, call));
  }

  @Override
  public Completion createChatCompletion(ChatRequest request, StreamObserver observer) {
    return call(request, observer).run(models::forText);
  }

  @Override
  public StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer) {
    return start(request, observer);
  }

  @Override
  public Completion createCompletion(CompletionRequest request, StreamObserver observer) {
    return call(request, observer).run(models::forText);
  }

  @Override
  public StreamHandle startCompletion(CompletionRequest request, StreamObserver observer) {
    return start(request, observer);
  }

  @Override
  public EmbeddingAnswer createEmbedding(EmbeddingRequest request) {
    return new EmbeddingCall(upstream, models).run(request);
  }

  @Override
  public Transcript createTranscription(TranscriptionRequest request) {
    return audio(CallMethod.CREATE_TRANSCRIPTION, Capability.TRANSCRIPTION).run(request);
  }

  @Override
  public Transcript createTranslation(TranscriptionRequest request) {
    return audio(CallMethod.CREATE_TRANSLATION, Capability.TRANSLATION).run(request);
  }

  private AudioCall audio(CallMethod method, Capability capability) {
    return new AudioCall(upstream, method, capability);
  }

  @Override
  public Speech createSpeech(SpeechRequest request, OutputStream sink) {
    return new SpeechCall(upstream).run(request, sink);
  }

  @Override
  public ImageAnswer createImage(ImageRequest request) {
    return new ImageCall(upstream).run(request);
  }

  private GenerationCall call(GenerationRequest request, StreamObserver observer) {
    Objects.requireNonNull(request, "The request must not be null");
    Objects.requireNonNull(
        observer,
        "The observer must not be null; to ignore all events, pass new StreamObserver() {}");
    return new GenerationCall(upstream, request, observer);
  }

  private StreamHandle start(GenerationRequest request, StreamObserver observer) {
    GenerationCall call = call(request, observer);
    Thread.ofVirtual()
        .name("lmstudio-generation")
        .start(
            () -> {
              try {
                call.run(models::forText);
              } catch (LmStudioException toldToTheObserver) {
                // The observer's last call was onFailed or onCancelled.
              }
            });
    return call;
  }

  /** Returns what is known about the server. Asks it only if nothing is known. */
  public ServerCapabilities knownCapabilities() {
    return server.current().orElseGet(this::capabilities);
  }

  @Override
  public ServerCapabilities capabilities() {
    return upstream.plain(CallMethod.CAPABILITIES).run(gates::capabilities);
  }

  @Override
  public LoadedModel loadModel(LoadRequest request) {
    return upstream.workOnce(CallMethod.LOAD_MODEL).run(call -> loading.load(request, call));
  }

  @Override
  public void unloadModel(String instanceId) {
    upstream
        .plain(CallMethod.UNLOAD_MODEL)
        .run(
            call -> {
              loading.unload(instanceId, call);
              return null;
            });
  }

  @Override
  public void close() {
    upstream.close();
  }
}
