package ee.lmstudio.sdk.model;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.internal.json.AnyJson;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is answered, its JSON says the same, with the fields that nobody knows. */
class AnswerPropertiesTest {
  private static final int TRIES = 500;

  private static JsonObject sent(JsonObject json) {
    return JsonText.readObject(json.toString()).orElseThrow();
  }

  @Provide
  Arbitrary<JsonObject> unknown() {
    return AnyJson.objects(2);
  }

  /** Reasoning within the text is taken out of it, so such a text is not read as it was written. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().ofMaxLength(20).filter(text -> !text.contains("<"));
  }

  @Provide
  Arbitrary<List<ToolCall>> calls() {
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6);
    return Combinators.combine(names, texts())
        .as((name, arguments) -> new ToolCall("id-" + name, name, arguments))
        .list()
        .uniqueElements(ToolCall::id)
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<Usage> usages() {
    Arbitrary<Integer> count = Arbitraries.integers().between(0, (1 << 30) - 1);
    return Combinators.combine(count, count, Arbitraries.of(true, false), unknown()).as(Usage::new);
  }

  @Property(seed = "1", tries = TRIES)
  void chatsAnswer_isReadAsItWasWritten(
      @ForAll("texts") String content,
      @ForAll("texts") String reasoning,
      @ForAll("calls") List<ToolCall> calls,
      @ForAll("usages") Usage usage,
      @ForAll("unknown") JsonObject unknown) {
    Completion answer =
        Completion.builder()
            .model("m")
            .content(content)
            .reasoning(reasoning)
            .toolCalls(calls)
            .finishReason("length")
            .usage(usage)
            .raw(unknown)
            .build();
    JsonObject json = answer.toJson();
    Completion again = Completion.of(sent(json));
    assertThat(again.content()).isEqualTo(content);
    assertThat(again.reasoning()).isEqualTo(reasoning);
    assertThat(again.toolCalls()).isEqualTo(calls);
    assertThat(again.finishReason()).isEqualTo("length");
    assertThat(again.usage()).isEqualTo(usage);
    assertThat(again.raw()).containsAllEntriesOf(unknown);
    assertThat(again.toJson()).isEqualTo(json);
  }

  @Provide
  Arbitrary<List<Embedding>> vectors() {
    Arbitrary<Float> number =
        Arbitraries.floats().filter(n -> Float.isFinite(n) && n != 0).withoutEdgeCases();
    return Arbitraries.integers()
        .between(1, 5)
        .flatMap(dimension -> number.list().ofSize(dimension).list().ofMinSize(1).ofMaxSize(4))
        .map(all -> all.stream().map(AnswerPropertiesTest::vector).toList());
  }

  private static Embedding vector(List<Float> numbers) {
    float[] array = new float[numbers.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = numbers.get(i);
    }
    return Embedding.of(array);
  }

  @Property(seed = "1", tries = TRIES)
  void embeddings_areReadAsTheyWereWritten(
      @ForAll("vectors") List<Embedding> vectors,
      @ForAll boolean counted,
      @ForAll("unknown") JsonObject unknown) {
    EmbeddingUsage usage = counted ? new EmbeddingUsage(3, 7, true) : EmbeddingUsage.NONE;
    EmbeddingAnswer answer = new EmbeddingAnswer("m", vectors, usage, unknown);
    assertThat(EmbeddingAnswer.of(sent(answer.toJson()))).isEqualTo(answer);
    assertThat(EmbeddingAnswer.joined(List.of(answer, answer)).embeddings())
        .hasSize(2 * vectors.size())
        .startsWith(vectors.toArray(Embedding[]::new))
        .endsWith(vectors.toArray(Embedding[]::new));
  }

  @Provide
  Arbitrary<GeneratedImage> images() {
    Arbitrary<String> base64 = Arbitraries.strings().alpha().ofMinLength(4).ofMaxLength(8);
    return Combinators.combine(base64, Arbitraries.of(true, false), texts().optional(), unknown())
        .as(
            (text, whole, revised, unknown) ->
                new GeneratedImage(
                    whole ? Optional.of(text) : Optional.empty(),
                    whole ? Optional.empty() : Optional.of(URI.create("http://x/" + text)),
                    revised,
                    unknown));
  }

  @Property(seed = "1", tries = TRIES)
  void images_areReadAsTheyWereWritten(
      @ForAll("images") GeneratedImage image,
      @ForAll boolean dated,
      @ForAll("unknown") JsonObject unknown) {
    Optional<Instant> created =
        dated ? Optional.of(Instant.ofEpochSecond(1_700_000_000)) : Optional.empty();
    ImageAnswer answer = new ImageAnswer(created, List.of(image, image), unknown);
    assertThat(ImageAnswer.of(sent(answer.toJson()))).isEqualTo(answer);
  }
}
