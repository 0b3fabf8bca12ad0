package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.Quoted.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests for embeddings, audio and images: what they refuse, send and do not show. */
class OperationRequestTest {
  private static final AudioSource.Opener EMPTY = () -> new ByteArrayInputStream(new byte[0]);
  private static final AudioSource SOUND = AudioSource.of("canary.wav", EMPTY);

  private static Arguments wrong(String field, ThrowingCallable request) {
    return Arguments.of(field, request);
  }

  private static Arguments embedding(String field, String text) {
    return wrong(field, () -> EmbeddingRequest.of(json(text)));
  }

  private static Arguments speech(String field, String text) {
    return wrong(field, () -> SpeechRequest.of(json(text)));
  }

  private static Arguments image(String field, String text) {
    return wrong(field, () -> ImageRequest.of(json(text)));
  }

  static Stream<Arguments> wrong() {
    JsonObject reserved = json("{'input':'x'}");
    return Stream.of(
        embedding("input", "{}"),
        embedding("input", "{'input':[]}"),
        embedding("input", "{'input':[1,2]}"),
        embedding("input", "{'input':7}"),
        embedding("dimensions", "{'input':'a','dimensions':0}"),
        embedding("dimensions", "{'input':'a','dimensions':'2'}"),
        embedding("dimensions", "{'input':'a','dimensions':1e10}"),
        wrong(
            "input",
            () ->
                new EmbeddingRequest(
                    Optional.empty(), List.of("a"), java.util.OptionalInt.empty(), reserved)),
        speech("input", "{'voice':'v'}"),
        speech("voice", "{'input':'a','voice':7}"),
        speech("model", "{'input':'a','model':7}"),
        speech("format", "{'input':'a','format':7}"),
        speech("input", "{'input':'','voice':'v'}"),
        wrong("input", () -> SpeechRequest.of("v", "a").withExtra(reserved)),
        image("prompt", "{}"),
        image("prompt", "{'prompt':''}"),
        image("n", "{'prompt':'a','n':0}"),
        image("n", "{'prompt':'a','n':1.5}"),
        image("size", "{'prompt':'a','size':' '}"),
        image("size", "{'prompt':'a','size':7}"),
        image("model", "{'prompt':'a','model':7}"),
        image("response_format", "{'prompt':'a','response_format':' '}"),
        image("response_format", "{'prompt':'a','response_format':{}}"),
        embedding("model", "{'input':'a','model':7}"),
        wrong("response_format", () -> new TranscriptFormat("")),
        wrong("prompt", () -> ImageRequest.builder("a").extra(json("{'prompt':'x'}")).build()),
        wrong("file", () -> AudioSource.of(" ", EMPTY)),
        wrong("file", () -> AudioSource.of("a\nb", EMPTY)),
        wrong("file", () -> new AudioSource("a", "text", true, EMPTY)),
        wrong(
            "temperature",
            () -> TranscriptionRequest.builder(SOUND).temperature(Double.NaN).build()),
        wrong("temperature", () -> TranscriptionRequest.builder(SOUND).temperature(-1).build()),
        wrong("model", () -> TranscriptionRequest.builder(SOUND).field("model", "m").build()),
        wrong(
            "file",
            () ->
                new TranscriptionRequest(
                    SOUND,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    TranscriptFormat.JSON,
                    Map.of("file", List.of("x")))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void wrongField_isNamed(String field, ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            ValidationException.class,
            e -> assertThat(e.faults()).extracting("field").containsExactly(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'input':['a','b'],'encoding_format':'float'}",
        "{'model':'m','input':['a'],'dimensions':3,'user':'u','encoding_format':'float'}"
      })
  void embeddingRequest_isTheSameBothWays(String text) {
    EmbeddingRequest request = EmbeddingRequest.of(json(text));
    assertThat(request.toJson()).isEqualTo(json(text));
    assertThat(EmbeddingRequest.of(request.toJson())).isEqualTo(request);
  }

  @Test
  void speechRequest_isTheSameBothWays() {
    SpeechRequest request =
        SpeechRequest.of(json("{'input':'a','voice':'v','response_format':'wav','speed':2}"));
    assertThat(request.format()).hasValue("wav");
    assertThat(request.extra()).isEqualTo(json("{'speed':2}"));
    assertThat(SpeechRequest.of(request.toJson())).isEqualTo(request);
    assertThat(SpeechRequest.of("v", "a").toJson()).isEqualTo(json("{'input':'a','voice':'v'}"));
  }

  @Test
  void imageRequest_isTheSameBothWays() {
    String text =
        "{'model':'m','prompt':'a','n':3,'size':'64x32','response_format':'url','quality':'hd'}";
    ImageRequest request = ImageRequest.of(json(text));
    assertThat(request.toJson()).isEqualTo(json(text));
    assertThat(request.toBuilder().build()).isEqualTo(request);
    assertThat(ImageRequest.of("a").toJson()).isEqualTo(json("{'prompt':'a'}"));
    assertThat(ImageRequest.of(json("{'prompt':'a','n':null,'size':'auto'}")).n()).isEmpty();
  }

  @Test
  void audioRequests_areBuiltAgainAsTheyWere() {
    TranscriptionRequest full =
        TranscriptionRequest.builder(SOUND)
            .model("m")
            .language("de")
            .prompt("p")
            .temperature(1)
            .format(TranscriptFormat.VTT)
            .field("x", "y")
            .field("x", "z")
            .build();
    assertThat(full.toBuilder().build()).isEqualTo(full);
    assertThat(full.fields())
        .containsEntry("response_format", List.of("vtt"))
        .containsEntry("x", List.of("y", "z"));
    assertThat(TranscriptionRequest.of(SOUND).fields()).containsOnlyKeys("response_format");
  }

  /** What one server refuses, another one takes. */
  @Test
  void valuesThatSomeServerMayTake_areSentUnchanged() {
    assertThat(EmbeddingRequest.of(json("{'input':['a','']}")).toJson().getJsonArray("input"))
        .hasSize(2);
    assertThat(SpeechRequest.of(json("{'input':' '}")).toJson()).isEqualTo(json("{'input':' '}"));
    String image = "{'prompt':' ','n':99,'size':'wide','response_format':'png'}";
    assertThat(ImageRequest.of(json(image)).toJson()).isEqualTo(json(image));
    assertThat(
            TranscriptionRequest.builder(SOUND)
                .temperature(1.5)
                .language("Klingon")
                .format(new TranscriptFormat("diarized_json"))
                .build()
                .fields())
        .containsEntry("temperature", List.of("1.5"))
        .containsEntry("language", List.of("Klingon"))
        .containsEntry("response_format", List.of("diarized_json"));
  }

  @ParameterizedTest
  @CsvSource({"json, true", "diarized_json, true", "text, false", "lrc, false"})
  void formatWhoseNameEndsWithJson_isJson(TranscriptFormat format, boolean json) {
    assertThat(format.isJson()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({
    "a.wav, audio/wav",
    "a.MP3, audio/mpeg",
    "a.b.flac, audio/flac",
    "wav, audio/wav",
    "a.xyz, application/octet-stream"
  })
  void audioSource_knowsItsTypeByItsEnding(String name, String type) {
    assertThat(AudioSource.of(Path.of("folder", name)).contentType()).isEqualTo(type);
  }

  @Test
  void texts_areNotShown() {
    assertThat(
            List.of(
                EmbeddingRequest.of("canary"),
                SpeechRequest.of("v", "canary"),
                ImageRequest.of("canary"),
                TranscriptionRequest.builder(SOUND).prompt("canary").build(),
                AudioSource.once("canary.wav", new ByteArrayInputStream(new byte[0])),
                SOUND,
                GeneratedImage.of(json("{'b64_json':'canary'}")),
                GeneratedImage.of(json("{'url':'http://canary'}")),
                new EmbeddingAnswer(
                    "m", List.of(), EmbeddingUsage.NONE, Json.createObjectBuilder().build())))
        .noneMatch(value -> value.toString().contains("canary"));
  }

  @Test
  void imageInOneForm_mayHaveTheOtherEmpty() {
    GeneratedImage image = GeneratedImage.of(json("{'b64_json':'','url':'http://a/b.png'}"));
    assertThat(image.base64()).isEmpty();
    assertThat(GeneratedImage.of(json("{'b64_json':'AAAA','url':''}")).url()).isEmpty();
    assertThatThrownBy(() -> GeneratedImage.of(json("{'b64_json':'','url':''}")))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void embedding_isAValueThatNobodyElseCanChange() {
    float[] numbers = {1, 2};
    Embedding vector = Embedding.of(numbers);
    numbers[0] = 9;
    vector.toArray()[1] = 9;
    assertThat(vector).isEqualTo(Embedding.of(1, 2)).hasSameHashCodeAs(Embedding.of(1, 2));
    assertThat(vector)
        .isNotEqualTo(Embedding.of(1, 3))
        .isNotEqualTo("x")
        .hasToString("Embedding[2]");
    assertThatThrownBy(() -> vector.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(new EmbeddingAnswer("m", List.of(), EmbeddingUsage.NONE, json("{}")).dimension())
        .isZero();
  }

  @Test
  void usage_isCountedOnlyIfAllOfItIs() {
    EmbeddingUsage three = new EmbeddingUsage(1, 3, true);
    assertThat(three.plus(three)).isEqualTo(new EmbeddingUsage(2, 6, true));
    assertThat(three.plus(EmbeddingUsage.NONE)).isEqualTo(new EmbeddingUsage(1, 3, false));
  }
}
