package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.AnyJson;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any request that the SDK takes, with fields that it does not know at every place. */
final class AnyRequest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2};

  private AnyRequest() {}

  static Arbitrary<ChatRequest> chat() {
    return Combinators.combine(
            maybe(name()), turn().list().ofMinSize(1).ofMaxSize(3), chatOptions())
        .as(
            (model, turns, options) ->
                new ChatRequest(model, turns.stream().flatMap(List::stream).toList(), options));
  }

  static Arbitrary<CompletionRequest> completion() {
    Arbitrary<GenerationOptions> options =
        Combinators.combine(
                options(),
                Arbitraries.integers().between(0, 5),
                Arbitraries.of(true, false),
                Arbitraries.longs().between(1, 9))
            .as((some, logprobs, echo, best) -> some.logprobs(logprobs).echo(echo).bestOf(best))
            .map(GenerationOptionsBuilder::build);
    return Combinators.combine(maybe(name()), name(), maybe(text()), options)
        .as(CompletionRequest::new);
  }

  static Arbitrary<EmbeddingRequest> embedding() {
    return Combinators.combine(
            maybe(name()),
            name().list().ofMinSize(1).ofMaxSize(4),
            count(1, Integer.MAX_VALUE),
            AnyJson.objects(2))
        .as(EmbeddingRequest::new);
  }

  static Arbitrary<SpeechRequest> speech() {
    return Combinators.combine(
            name(), maybe(name()), maybe(name()), maybe(name()), AnyJson.objects(2))
        .as(SpeechRequest::new);
  }

  static Arbitrary<ImageRequest> image() {
    Arbitrary<String> sizes = Arbitraries.of("auto", "1x1", "512x512", "99999x1");
    return Combinators.combine(
            name(),
            maybe(name()),
            count(1, 10),
            maybe(sizes),
            maybe(name().map(ImageRequest.Delivery::new)),
            AnyJson.objects(2))
        .as(ImageRequest::new);
  }

  static Arbitrary<LoadRequest> load() {
    Arbitrary<Integer> number = Arbitraries.integers().greaterOrEqual(1);
    return Combinators.combine(
            name(), number, number, number, Arbitraries.of(true, false), AnyJson.objects(2))
        .as(
            (model, context, batch, experts, on, unknown) -> {
              LoadRequest request = new LoadRequest(model, unknown);
              return request
                  .withContextLength(context)
                  .withEvalBatchSize(batch)
                  .withExperts(experts)
                  .withFlashAttention(on)
                  .withKvCacheOnGpu(!on);
            });
  }

  /** One message, or a question of the model to a tool with its answer. */
  private static Arbitrary<List<Message>> turn() {
    return Arbitraries.oneOf(
        text().map(said -> List.of(Message.system(said))),
        Combinators.combine(text(), AnyJson.objects(2))
            .as((said, unknown) -> List.of(with(unknown, Message.user(said)))),
        part()
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(parts -> List.of(Message.user(parts.toArray(ContentPart[]::new)))),
        text().map(said -> List.of(Message.assistant(said))),
        Combinators.combine(text(), name(), name(), text())
            .as(
                (said, id, function, arguments) ->
                    List.of(
                        Message.assistant(said, List.of(new ToolCall(id, function, arguments))),
                        Message.tool(id, said))));
  }

  private static Message with(JsonObject unknown, Message message) {
    return Message.of(all(unknown, message.json()));
  }

  private static JsonObject all(JsonObject some, JsonObject more) {
    JsonObjectBuilder all = JSON.createObjectBuilder(some);
    more.forEach(all::add);
    return all.build();
  }

  private static Arbitrary<ContentPart> part() {
    return Arbitraries.oneOf(
        Combinators.combine(text(), AnyJson.objects(1))
            .as((said, unknown) -> ContentPart.of(all(unknown, ContentPart.text(said).toJson()))),
        Arbitraries.just(ContentPart.image(PNG)),
        AnyJson.objects(1)
            .map(
                unknown ->
                    ContentPart.of(JSON.createObjectBuilder(unknown).add("type", "x").build())));
  }

  private static Arbitrary<GenerationOptions> chatOptions() {
    return Combinators.combine(
            options(),
            Arbitraries.of(true, false),
            tool().list().ofMaxSize(2),
            Arbitraries.of(ToolChoice.class),
            format())
        .as(
            (some, logprobs, tools, choice, format) ->
                some.logprobs(logprobs)
                    .topLogprobs(logprobs ? 3 : 0)
                    .tools(tools)
                    .toolChoice(choice)
                    .responseFormat(format)
                    .build());
  }

  private static Arbitrary<Tool> tool() {
    return Combinators.combine(name(), text(), AnyJson.objects(2), Arbitraries.of(true, false))
        .as(
            (name, what, schema, strict) ->
                strict
                    ? Tool.strictFunction(name, what, schema)
                    : Tool.function(name, what, schema));
  }

  private static Arbitrary<ResponseFormat> format() {
    return Arbitraries.oneOf(
        Arbitraries.just(ResponseFormat.TEXT),
        Combinators.combine(name(), AnyJson.objects(2), Arbitraries.of(true, false))
            .as(ResponseFormat::jsonSchema));
  }

  /** Some of the options that chats and texts share, each or none of them. */
  private static Arbitrary<GenerationOptionsBuilder> options() {
    return setter()
        .list()
        .ofMaxSize(8)
        .map(
            setters -> {
              GenerationOptionsBuilder builder = GenerationOptions.builder();
              setters.forEach(setter -> setter.apply(builder));
              return builder;
            });
  }

  private static Arbitrary<UnaryOperator<GenerationOptionsBuilder>> setter() {
    Arbitrary<Double> share = Arbitraries.doubles().between(0, 1);
    Arbitrary<Double> penalty = Arbitraries.doubles().between(-2, 2);
    Arbitrary<Long> most =
        Arbitraries.oneOf(Arbitraries.longs().greaterOrEqual(1), Arbitraries.just(-1L));
    return Arbitraries.oneOf(
        List.of(
            share.map(n -> b -> b.temperature(2 * n)),
            share.map(n -> b -> b.topP(n)),
            Arbitraries.longs().greaterOrEqual(0).map(n -> b -> b.topK(n)),
            share.map(n -> b -> b.minP(n)),
            share.map(n -> b -> b.repeatPenalty(9 * n)),
            penalty.map(n -> b -> b.presencePenalty(n)),
            penalty.map(n -> b -> b.frequencyPenalty(n)),
            penalty.map(n -> b -> b.logitBias(Map.of("50256", 50 * n))),
            Arbitraries.longs().map(n -> b -> b.seed(n)),
            text().list().ofMinSize(1).ofMaxSize(4).map(n -> b -> b.stop(n)),
            most.map(n -> b -> b.maxTokens(n)),
            most.map(n -> b -> b.maxCompletionTokens(n)),
            Arbitraries.longs().between(1, 1 << 30).map(n -> b -> b.ttl(Duration.ofSeconds(n))),
            name().map(n -> b -> b.draftModel(n)),
            Arbitraries.of(ReasoningEffort.class).map(n -> b -> b.reasoningEffort(n)),
            AnyJson.values(2).map(n -> b -> b.field("x_new", n))));
  }

  private static Arbitrary<OptionalInt> count(int least, int most) {
    return Arbitraries.oneOf(
        Arbitraries.just(OptionalInt.empty()),
        Arbitraries.integers().between(least, most).map(OptionalInt::of));
  }

  private static <T> Arbitrary<Optional<T>> maybe(Arbitrary<T> some) {
    return some.optional();
  }

  /** Anything, nothing too. */
  private static Arbitrary<String> text() {
    return Arbitraries.strings().ofMaxLength(20);
  }

  /** Something that is to be seen. */
  private static Arbitrary<String> name() {
    return text().map(text -> "n" + text);
  }
}
