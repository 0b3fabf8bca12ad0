package ee.lmstudio.sdk;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.EmbeddingUsage;
import ee.lmstudio.sdk.model.GeneratedImage;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.LoadedModel;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import ee.lmstudio.sdk.model.Usage;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** The contract in memory, as simply as it can be kept. One generation at a time is scripted. */
final class FakeSdk implements SdkContract {
  private static final List<String> STATES = List.of("loaded", "loading", "not-loaded");

  private final boolean streaming;
  private final boolean media;
  private final List<String> models;
  private final List<String> pieces;
  private final AtomicReference<LmStudioException> failure = new AtomicReference<>();
  private final AtomicBoolean stall = new AtomicBoolean();

  /** Answers everything that one of {@code models} is asked with {@code pieces}. */
  FakeSdk(boolean streaming, boolean media, List<String> models, List<String> pieces) {
    this.streaming = streaming;
    this.media = media;
    this.models = models;
    this.pieces = pieces;
  }

  /** The next generation fails so. */
  void fail(LmStudioException error) {
    failure.set(error);
  }

  /** The next generation goes silent after its first delta. */
  void stall() {
    stall.set(true);
  }

  /** No server is asked, so nothing can differ. */
  @Override
  public SdkContract with(CallOptions options) {
    return this;
  }

  @Override
  public HealthStatus healthCheck() {
    return new HealthStatus(
        "ok",
        Optional.empty(),
        DetectedBy.UNKNOWN,
        Optional.empty(),
        OptionalInt.of(models.size()),
        Optional.of(Duration.ZERO),
        JsonValue.EMPTY_JSON_OBJECT);
  }

  @Override
  public ModelPage listModels(ModelFilter filter) {
    int from = filter.cursor().map(FakeSdk::position).orElse(0);
    filter
        .status()
        .filter(state -> !STATES.contains(state))
        .ifPresent(
            state -> {
              throw ValidationException.of("status", state + " is not one of " + STATES);
            });
    List<ModelSummary> found =
        models.stream()
            .map(FakeSdk::loaded)
            .filter(model -> filter.status().stream().allMatch("loaded"::equals))
            .filter(model -> filter.ownedBy().isEmpty())
            .toList();
    int to = Math.min(found.size(), from + filter.limit().orElse(found.size()));
    Optional<String> next = to < found.size() ? Optional.of(String.valueOf(to)) : Optional.empty();
    return new ModelPage(found.subList(Math.min(from, to), to), next, Optional.empty());
  }

  private static int position(String cursor) {
    if (!cursor.matches("[0-9]{1,6}")) {
      throw ValidationException.of("cursor", "is '" + cursor + "'; it must be one of ours");
    }
    return Integer.parseInt(cursor);
  }

  private static ModelSummary loaded(String id) {
    return new ModelSummary(
        id,
        Optional.empty(),
        Optional.empty(),
        Optional.of("llm"),
        Optional.of("loaded"),
        ModelSummary.Metadata.NONE);
  }

  @Override
  public Completion createChatCompletion(ChatRequest request, StreamObserver observer) {
    return new Generation(request, observer).run();
  }

  @Override
  public StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer) {
    return new Generation(request, observer).start();
  }

  @Override
  public Completion createCompletion(CompletionRequest request, StreamObserver observer) {
    return new Generation(request, observer).run();
  }

  @Override
  public StreamHandle startCompletion(CompletionRequest request, StreamObserver observer) {
    return new Generation(request, observer).start();
  }

  /** A vector that tells texts apart by their length and hash. */
  @Override
  public EmbeddingAnswer createEmbedding(EmbeddingRequest request) {
    return new EmbeddingAnswer(
        request.model().orElse(models.get(0)),
        request.input().stream()
            .map(text -> Embedding.of(text.length(), text.hashCode() / 1e9f))
            .toList(),
        EmbeddingUsage.NONE,
        JsonValue.EMPTY_JSON_OBJECT);
  }

  @Override
  public Transcript createTranscription(TranscriptionRequest request) {
    return heard(request);
  }

  @Override
  public Transcript createTranslation(TranscriptionRequest request) {
    return heard(request);
  }

  private Transcript heard(TranscriptionRequest request) {
    requireMedia();
    try (InputStream recording = request.audio().opener().open()) {
      return new Transcript(
          request.format(),
          recording.readAllBytes().length + " bytes",
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          JsonValue.EMPTY_JSON_OBJECT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Speech createSpeech(SpeechRequest request, OutputStream sink) {
    requireMedia();
    byte[] audio = request.input().getBytes(StandardCharsets.UTF_8);
    try {
      sink.write(audio);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Speech("audio/wav", audio.length, Duration.ZERO);
  }

  @Override
  public ImageAnswer createImage(ImageRequest request) {
    requireMedia();
    GeneratedImage image =
        new GeneratedImage(
            Optional.of("AQID"), Optional.empty(), Optional.empty(), JsonValue.EMPTY_JSON_OBJECT);
    return new ImageAnswer(Optional.empty(), List.of(image), JsonValue.EMPTY_JSON_OBJECT);
  }

  private void requireMedia() {
    if (!media) {
      throw new FeatureUnavailableException(
          "It is switched off", "Set `audioEnabled(true)` and `imagesEnabled(true)`.", null);
    }
  }

  private final class Generation implements StreamHandle {
    private final GenerationRequest request;
    private final StreamObserver observer;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile boolean posted;

    Generation(GenerationRequest request, StreamObserver observer) {
      Objects.requireNonNull(observer, "The observer must not be null");
      this.request = request;
      this.observer = observer;
    }

    StreamHandle start() {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  run();
                } catch (LmStudioException toldToTheObserver) {
                  // Its last call was onFailed or onCancelled.
                }
              });
      return this;
    }

    @Override
    public boolean cancel() {
      boolean first = ended.compareAndSet(false, true);
      cancelled.countDown();
      return first;
    }

    @Override
    public boolean posted() {
      return posted;
    }

    Completion run() {
      try {
        observer.onHandle(this);
        throwIfCancelled();
        Completion answer = answer(request.model().orElse(models.get(0)));
        if (!ended.compareAndSet(false, true)) {
          throw new CancelledException("Cancelled", "", null);
        }
        observer.onCompleted(answer);
        return answer;
      } catch (CancelledException e) {
        observer.onCancelled();
        throw e;
      } catch (LmStudioException e) {
        ended.set(true);
        observer.onFailed(e);
        throw e;
      }
    }

    private Completion answer(String model) {
      posted = true;
      LmStudioException error = failure.getAndSet(null);
      if (error != null) {
        throw error;
      }
      if (!models.contains(model)) {
        throw new ModelNotFoundException("There is no model " + model, "Name another.", null);
      }
      observer.onAccepted();
      observer.onModel(model);
      String text = String.join("", pieces);
      if (!streaming) {
        observer.onDowngraded(new Downgrade(Downgrade.DISABLED, 0));
      }
      for (String piece : streaming ? pieces : List.of(text)) {
        observer.onDelta(Delta.ofContent(piece));
        if (stall.compareAndSet(true, false)) {
          await();
        }
        throwIfCancelled();
      }
      return Completion.builder()
          .model(model)
          .content(text)
          .finishReason("stop")
          .usage(new Usage(request.estimatedPromptTokens(), pieces.size(), true))
          .attempts(streaming ? 1 : 0)
          .downgraded(!streaming)
          .build();
    }

    private void await() {
      try {
        cancelled.await();
      } catch (InterruptedException e) {
        cancel();
      }
    }

    private void throwIfCancelled() {
      if (cancelled.getCount() == 0) {
        throw new CancelledException("Cancelled", "", null);
      }
    }
  }

  /** Every model that it has is loaded. */
  @Override
  public LoadedModel loadModel(LoadRequest request) {
    checkModel(request.model());
    return new LoadedModel(
        request.model(),
        Optional.empty(),
        Optional.empty(),
        JsonValue.EMPTY_JSON_OBJECT,
        JsonValue.EMPTY_JSON_OBJECT);
  }

  @Override
  public void unloadModel(String instanceId) {
    checkModel(instanceId);
  }

  private void checkModel(String id) {
    if (!models.contains(id)) {
      throw new ModelNotFoundException("There is no model " + id, "Name another.", null);
    }
  }
}
