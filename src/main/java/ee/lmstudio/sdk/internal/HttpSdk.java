package ee.lmstudio.sdk.internal;

import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.detection.Gates;
import ee.lmstudio.sdk.internal.detection.KnownServer;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
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
import ee.lmstudio.sdk.model.TranslationRequest;
import java.io.OutputStream;
import java.time.InstantSource;

/** The contract over HTTP. */
public final class HttpSdk implements LmStudio {
  private final Upstream upstream;
  private final Gates gates;
  private final ModelListing models;
  private final Health health;
  private final ModelLoading loading;

  public HttpSdk(LmStudioSettings settings) {
    upstream = new Upstream(settings);
    KnownServer server = new KnownServer(InstantSource.system());
    gates = new Gates(upstream, server);
    upstream.guardBy(gates);
    models = new ModelListing(upstream, server);
    health = new Health(upstream, models, server);
    loading = new ModelLoading(upstream);
  }

  @Override
  public HealthStatus healthCheck() {
    try (UpstreamCall call = upstream.probe(upstream.settings().maxRetries())) {
      return health.check(call);
    }
  }

  @Override
  public ModelPage listModels(ModelFilter filter) {
    try (UpstreamCall call = upstream.plain()) {
      return models.list(filter, call);
    }
  }

  @Override
  public Completion createChatCompletion(ChatRequest request, StreamObserver observer) {
    return call(request, observer).run(models::onlyLoaded);
  }

  @Override
  public StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer) {
    return start(request, observer);
  }

  @Override
  public Completion createCompletion(CompletionRequest request, StreamObserver observer) {
    return call(request, observer).run(models::onlyLoaded);
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
    return new AudioCall(upstream).run(request);
  }

  @Override
  public Transcript createTranslation(TranslationRequest request) {
    return new AudioCall(upstream).run(request);
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
    return new GenerationCall(upstream, request, observer);
  }

  private StreamHandle start(GenerationRequest request, StreamObserver observer) {
    GenerationCall call = call(request, observer);
    Thread.ofVirtual()
        .name("lmstudio-generation")
        .start(
            () -> {
              try {
                call.run(models::onlyLoaded);
              } catch (LmStudioException toldToTheObserver) {
                // Its last call was onFailed or onCancelled.
              }
            });
    return call;
  }

  @Override
  public ServerCapabilities capabilities() {
    try (UpstreamCall call = upstream.plain()) {
      return gates.capabilities(call);
    }
  }

  @Override
  public LoadedModel loadModel(LoadRequest request) {
    try (UpstreamCall call = upstream.workOnce()) {
      return loading.load(request, call);
    }
  }

  @Override
  public void unloadModel(String instanceId) {
    try (UpstreamCall call = upstream.plain()) {
      loading.unload(instanceId, call);
    }
  }

  @Override
  public void close() {
    upstream.close();
  }
}
