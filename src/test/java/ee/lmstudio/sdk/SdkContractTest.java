package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.AudioSource;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link SdkContract} promises, whoever answers behind it: what {@link
 * GenerationContractTest} says about generations, and here everything else.
 */
abstract class SdkContractTest extends GenerationContractTest {
  private static ModelFilter page(int limit, Optional<String> cursor) {
    return new ModelFilter(Optional.empty(), Optional.empty(), OptionalInt.of(limit), cursor);
  }

  @Test
  void health_isOk() {
    HealthStatus health = sdk().healthCheck();
    assertThat(health.status()).isEqualTo("ok");
    long loaded =
        sdk().listModels(ModelFilter.ALL).models().stream().filter(ModelSummary::loaded).count();
    assertThat(health.modelsLoaded()).hasValue((int) loaded);
  }

  @Test
  void model_isLoadedAndUnloaded_orBothCallsSayThatThisLmStudioCannot() {
    if (canLoad()) {
      String instance = sdk().loadModel(LoadRequest.of(model())).instanceId();
      assertThat(instance).isNotBlank();
      sdk().unloadModel(instance);
      assertThatThrownBy(() -> sdk().loadModel(LoadRequest.of("no-such-model")))
          .isInstanceOf(ModelNotFoundException.class);
    } else {
      assertThatThrownBy(() -> sdk().loadModel(LoadRequest.of(model())))
          .isInstanceOf(FeatureUnavailableException.class);
      assertThatThrownBy(() -> sdk().unloadModel(model()))
          .isInstanceOf(FeatureUnavailableException.class);
    }
  }

  @Test
  void models_haveTheirIdsOnce() {
    ModelPage all = sdk().listModels(ModelFilter.ALL);
    assertThat(all.nextCursor()).isEmpty();
    assertThat(all.models())
        .extracting(ModelSummary::id)
        .contains(model())
        .doesNotHaveDuplicates()
        .allSatisfy(id -> assertThat(id).isNotBlank());
  }

  @Test
  void pages_haveEveryModelInTheSameOrder() {
    List<ModelSummary> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      ModelPage next = sdk().listModels(page(1, cursor));
      assertThat(next.models()).hasSize(1);
      seen.addAll(next.models());
      cursor = next.nextCursor();
    } while (cursor.isPresent());
    assertThat(seen).isEqualTo(sdk().listModels(ModelFilter.ALL).models());
  }

  @Test
  void stateThatNoModelCanHave_isRefusedWithTheAllowedOnes() {
    ModelFilter filter =
        new ModelFilter(
            Optional.empty(), Optional.of("no-such-state"), OptionalInt.empty(), Optional.empty());
    assertThatThrownBy(() -> sdk().listModels(filter))
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll("status", "no-such-state", "loaded", "loading", "not-loaded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"loaded", "not-loaded"})
  void stateFilter_isApplied(String state) {
    ModelFilter filter =
        new ModelFilter(
            Optional.empty(), Optional.of(state), OptionalInt.empty(), Optional.empty());
    assertThat(sdk().listModels(filter).models())
        .isEqualTo(
            sdk().listModels(ModelFilter.ALL).models().stream()
                .filter(model -> model.state().filter(state::equals).isPresent())
                .toList());
  }

  @Test
  void foreignCursor_isRefused() {
    assertThatThrownBy(() -> sdk().listModels(page(1, Optional.of("not ours"))))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void texts_areEmbeddedInTheirOrder() {
    willEmbedTwo();
    EmbeddingRequest request =
        EmbeddingRequest.of(List.of("the sky", "an apple")).withModel(embeddingModel());
    EmbeddingAnswer answer = sdk().createEmbedding(request);
    assertThat(answer.model()).isEqualTo(embeddingModel());
    assertThat(answer.embeddings())
        .hasSize(2)
        .doesNotHaveDuplicates()
        .extracting(Embedding::dimension)
        .containsOnly(answer.dimension());
    assertThat(answer.dimension()).isPositive();

    willEmbedTwo();
    assertThat(sdk().createEmbedding(request)).as("again").isEqualTo(answer);
  }

  /** Each of the operations that a flag switches on. */
  static Stream<Function<SdkContract, Object>> mediaCalls() {
    AudioSource audio = AudioSource.of("a.wav", () -> new ByteArrayInputStream(new byte[] {1, 2}));
    return Stream.of(
        sdk -> sdk.createTranscription(TranscriptionRequest.of(audio)).text(),
        sdk -> sdk.createTranslation(TranscriptionRequest.of(audio)).text(),
        sdk -> spoken(sdk),
        sdk -> sdk.createImage(ImageRequest.of("a boat")).images().get(0).open());
  }

  private static String spoken(SdkContract sdk) {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    Speech speech = sdk.createSpeech(SpeechRequest.of("alloy", "Good morning"), sink);
    assertThat(speech.bytes()).isEqualTo(sink.size()).isPositive();
    return speech.contentType();
  }

  @ParameterizedTest
  @MethodSource("mediaCalls")
  void media_answersOrIsSaidToBeMissing(Function<SdkContract, Object> call) {
    if (hasMedia()) {
      assertThat(call.apply(media())).isNotNull().isNotEqualTo("");
    } else {
      assertThatThrownBy(() -> call.apply(media())).isInstanceOf(FeatureUnavailableException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("mediaCalls")
  void mediaSwitchedOff_isSaidToBe(Function<SdkContract, Object> call) {
    assertThatThrownBy(() -> call.apply(sdk()))
        .isInstanceOfSatisfying(
            FeatureUnavailableException.class,
            error -> assertThat(error.hint()).matches("Set `(audio|images)Enabled\\(true\\)`.*"));
  }
}
