package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.delta;
import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.simulator.socket.Script.respondWith;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.AllocatedBytes;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server makes large or many: one post, and memory in proportion to what it sent. */
@Timeout(120)
class HugeAnswerTest {
  private static final String[] NUMBERS = {
    "1e999999999", "1e-999999999", "1e99999999999", "-1E+99999999999", "9".repeat(50_000), "1.5e400"
  };

  /** Chunks with a number in each field that the SDK reads or keeps. The text is always "a". */
  private static final String[] CHUNKS = {
    "{'choices':[{'index':#,'delta':{'content':'a'}}]}",
    "{'choices':[{'delta':{'reasoning_content':#,'content':'a'}}]}",
    "{'choices':[{'delta':{'content':'a'},'finish_reason':#}]}",
    "{'choices':[{'delta':{'content':'a'},'logprobs':{'content':[{'token':'a','logprob':#}]}}]}",
    "{'choices':[{'delta':{'content':'a','tool_calls':[{'index':#,'id':#,'function':"
        + "{'name':#,'arguments':{'x':#}}}]}}]}",
    "{'choices':[{'delta':{'content':[{'type':'text','text':'a'},{'type':'x','v':#}]}}]}",
    "{'choices':[{'delta':{'content':'a'}}],'usage':{'prompt_tokens':#,'completion_tokens':#}}",
    "{'choices':[{'delta':{'content':'a'}}],'stats':{'tokens_per_second':#,'x':[#]}}",
    "{'choices':[{'delta':{'content':'a'}}],'model':#,'created':#,'id':#,'new':{'x':#}}"
  };

  private static final String OK_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n";

  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private Outcome read(String stream) {
    return lmStudio.answering(respondWithEvents(stream)).chat();
  }

  private Outcome readRaw(String answer) {
    return lmStudio.answering(respondWithRaw(answer.getBytes(UTF_8))).chat();
  }

  private static void assertRefused(Outcome outcome) {
    assertThat(outcome.error()).isInstanceOf(ProtocolException.class);
    assertThat(outcome.posted()).isEqualTo(1);
  }

  private static void assertComplete(Outcome outcome, String content) {
    assertThat(outcome.error()).isNull();
    assertThat(outcome.answer().content()).isEqualTo(content);
    assertThat(outcome.posted()).isEqualTo(1);
  }

  @ParameterizedTest
  @FieldSource("CHUNKS")
  void hugeNumberInAnyField_changesNothingElse(String chunk) {
    for (String number : NUMBERS) {
      String json = chunk.replace('\'', '"').replace("#", number);
      Outcome outcome = read("data: " + json + "\n\n" + text("b") + end());
      assertComplete(outcome, "ab");
      outcome
          .answer()
          .stats()
          .server()
          .tokensPerSecond()
          .ifPresent(speed -> assertThat(speed).isFinite());
    }
  }

  @ParameterizedTest
  @FieldSource("NUMBERS")
  void hugeNumberInError_leavesTheErrorReadable(String number) {
    Outcome inStream =
        read("data: {\"error\":{\"message\":\"broken\",\"code\":%s}}\n\n".formatted(number));
    assertThat(inStream.error()).isInstanceOf(ServerException.class).hasMessageContaining("broken");
    assertThat(inStream.posted()).isEqualTo(1);
    String body =
        "{\"error\":{\"message\":\"Context size has been exceeded\",\"n\":%s}}".formatted(number);
    Outcome refused = lmStudio.answering(respondWithJson(400, body)).chat();
    assertThat(refused.error()).isInstanceOf(ContextOverflowException.class);
    assertThat(refused.posted()).isEqualTo(1);
  }

  @ParameterizedTest
  @FieldSource("NUMBERS")
  void hugeNumberInWholeAnswer_changesNothingElse(String number) {
    String json =
        """
        {"created":#,"usage":{"prompt_tokens":#},"stats":{"tokens_per_second":#},"x":[#],
         "choices":[{"index":#,"message":{"content":"hi"},"finish_reason":"stop"}]}
        """
            .replace("#", number);
    assertComplete(lmStudio.answering(respondWithJson(200, json)).chat(), "hi");
  }

  @ParameterizedTest
  @FieldSource("NUMBERS")
  void hugeNumberInListing_leavesTheModel(String number) {
    String listing =
        "{\"data\":[{\"id\":\"m\",\"object\":\"model\",\"created\":#,\"max_context_length\":#}]}"
            .replace("#", number);
    for (String path : new String[] {"/api/v1/models", "/api/v0/models", "/v1/models"}) {
      lmStudio.server.enqueue(path, respondWithJson(200, listing));
    }
    assertThat(lmStudio.sdk.listModels(ModelFilter.ALL).models())
        .extracting("id")
        .containsExactly("m");
  }

  @Test
  void fewInterimAnswers_areSkipped() {
    String interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(16);
    assertComplete(readRaw(interim + OK_HEAD + "\r\n" + text("a") + end()), "a");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 100_000})
  void moreInterimAnswersThanAllowed_areRefused(int count) {
    String interim = "HTTP/1.1 102 Processing\r\n\r\n".repeat(count);
    Outcome outcome = readRaw(interim + OK_HEAD + "\r\n" + text("a") + end());
    assertRefused(outcome);
    assertThat(outcome.error()).hasMessageContaining("more than 16 interim answers");
  }

  @Test
  void moreHeadersThanAllowed_areRefused() {
    String headers = "X-Header: 1\r\n";
    assertComplete(readRaw(OK_HEAD + headers.repeat(90) + "\r\n" + text("a") + end()), "a");
    assertRefused(readRaw(OK_HEAD + headers.repeat(101) + "\r\n" + text("a") + end()));
  }

  @Test
  void longerHeaderThanAllowed_isRefused() {
    String start = OK_HEAD + "X-Header: ";
    assertComplete(readRaw(start + "x".repeat(16_000) + "\r\n\r\n" + text("a") + end()), "a");
    assertRefused(readRaw(start + "x".repeat(17_000) + "\r\n\r\n" + text("a") + end()));
  }

  private static String toolCalls(int count) {
    StringBuilder calls = new StringBuilder();
    for (int i = 0; i < count; i++) {
      calls.append(
          delta(
              "{\"tool_calls\":[{\"index\":%d,\"id\":\"c%d\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"
                  .formatted(i, i)));
    }
    return calls.toString();
  }

  @Test
  void asManyToolCallsAsAllowed_areRead() {
    Outcome outcome = read(toolCalls(1024) + end());
    assertThat(outcome.answer().toolCalls()).hasSize(1024);
  }

  @Test
  void moreToolCallsThanAllowed_endTheAnswer() {
    Outcome outcome = read(text("a") + toolCalls(21_000) + end());
    assertRefused(outcome);
    assertThat(outcome.error()).hasMessageContaining("more than 1024 tool calls");
    assertThat(outcome.told()).startsWith("handle accepted delta(a)");
  }

  @Test
  void longModelName_isCut() {
    String name = "m".repeat(900_000);
    Outcome outcome =
        read("data: {\"model\":\"%s\",\"choices\":[]}\n\n".formatted(name) + text("a") + end());
    assertComplete(outcome, "a");
    assertThat(outcome.answer().model()).isEqualTo("m".repeat(512));
  }

  /** Each stream is about 1 MB long. */
  static Stream<String> wideStreams() {
    return Stream.of(
        text("a").repeat(20_000),
        "data: {}\n\n".repeat(100_000) + text("a"),
        ": comment\n\n".repeat(100_000) + text("a"),
        "data: {\"usage\":{\"prompt_tokens\":1},\"choices\":[]}\n\n".repeat(20_000) + text("a"),
        "data: {\"provider\":\"x\",\"choices\":[]}\n\n".repeat(20_000) + text("a"),
        "data: {\"choices\":[" + "{\"index\":1},".repeat(80_000) + "{}]}\n\n" + text("a"),
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"x\":["
            + "0,".repeat(400_000)
            + "0]}\n\n",
        delta("{\"content\":[" + "{\"text\":\"a\"},".repeat(70_000) + "{\"text\":\"a\"}]}"),
        delta("{\"content\":[" + "{\"type\":\"x\"},".repeat(70_000) + "{\"text\":\"a\"}]}"));
  }

  @ParameterizedTest
  @MethodSource("wideStreams")
  void streamOfAnyShape_allocatesInProportion(String stream) {
    byte[] bytes = (stream + end()).getBytes(UTF_8);
    Runnable call =
        () -> {
          lmStudio.answering(respondWith(200, "text/event-stream").bodyInPieces(bytes, 8192));
          lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO, new StreamObserver() {});
        };
    call.run(); // Loads classes.
    long allocated = AllocatedBytes.by(call);
    assertThat(allocated).isLessThan((1 << 20) + 100L * bytes.length);
  }

  @Test
  void moreValuesThanAllowed_areRefused() {
    String values = "\"x\":[" + "0,".repeat(JsonText.MAX_VALUES) + "0]}";
    Outcome outcome =
        lmStudio
            .answering(
                respondWithJson(
                    200,
                    "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],"
                        + values))
            .chat();
    assertRefused(outcome);
    assertThat(outcome.error()).hasMessageContaining("more than " + JsonText.MAX_VALUES);
    lmStudio.answering(respondWithJson(200, "{\"data\":[]," + values));
    assertThatExceptionOfType(AnswerTooLargeException.class)
        .isThrownBy(() -> lmStudio.sdk.createEmbedding(EmbeddingRequest.of("a").withModel("m")));
  }

  @ParameterizedTest
  @CsvSource({"v1/models, data", "api/v0/models, data", "api/v1/models, models"})
  void listingBeyondTheLimits_isRefusedWithTheLimit(String path, String field) {
    String values = "{\"%s\":[".formatted(field) + "0,".repeat(JsonText.MAX_VALUES) + "0]}";
    String bytes = "{\"%s\":[\"".formatted(field) + "x".repeat(Upstream.MAX_LISTING) + "\"]}";
    for (String listing : List.of(values, bytes)) {
      if (!path.equals("v1/models")) {
        lmStudio.server.enqueue("/v1/models", respondWithJson(200, "{\"data\":[]}"));
      }
      lmStudio.server.enqueue("/" + path, respondWithJson(200, listing));
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> lmStudio.sdk.listModels(ModelFilter.ALL))
          .withMessageMatching("LM Studio's answer to GET /" + path + " has more than \\d+ .*");
    }
  }

  @Test
  void healthBeyondTheLimits_isRefusedWithTheLimit() {
    lmStudio.server.enqueue(
        "/health",
        respondWithJson(200, "{\"status\":\"" + "x".repeat(Upstream.MAX_LISTING) + "\"}"));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(lmStudio.sdk::healthCheck)
        .withMessage(
            "LM Studio's answer to GET /health has more than %d bytes", Upstream.MAX_LISTING)
        .satisfies(
            refused ->
                assertThat(refused.hint())
                    .isEqualTo(
                        "Check LM_STUDIO_BASE_URL: another program may answer on this port."));
  }
}
