package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.DONE;
import static ee.lmstudio.sdk.Chunks.delta;
import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.finish;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.Chunks.whole;
import static ee.lmstudio.sdk.FaultRow.when;
import static ee.lmstudio.simulator.socket.Script.respondWith;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.simulator.socket.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of odd streams that {@code ReportedCaseTest} has one example of: one post each. */
@Timeout(120)
class OddStreamTest {
  private static final String OVERFLOW = "{\"error\":\"Context size has been exceeded\"}";
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final LmStudioSettings.Limits IMPATIENT =
      new LmStudioSettings.Limits(ENOUGH, ENOUGH, ENOUGH, Duration.ofMillis(300), ENOUGH);
  private static final String OK = "accepted delta(a) delta(b) completed(stop)";

  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  static Stream<FaultRow> heartbeats() {
    return Stream.of(
            "data:",
            "data: ",
            "data:    ",
            "data",
            "data: null",
            "data: {}",
            "data: { }",
            "data: []",
            "data: 1",
            "data: true",
            "data: \"ping\"",
            "data: {\"type\":\"ping\"}",
            "data: {\"t\":1,\"u\":{\"v\":[]}}",
            "data: {\"error\":null}",
            "data: {\"error\":false}",
            "data: {\"type\":\"ping\",\"error\":\"\"}",
            "data: {\"type\":\"ping\",\"message\":\"alive\"}",
            "event: ping\ndata: {}",
            "event: heartbeat\ndata: x",
            "{}",
            "null",
            "id: 5\ndata: null")
        .map(
            beat ->
                completes(
                    "heartbeat " + beat,
                    beat + "\n\n" + text("a") + beat + "\n\n" + text("b") + end()));
  }

  private static FaultRow completes(String name, String stream) {
    return when(name, respondWithEvents(stream)).completes(OK, 1);
  }

  static Stream<FaultRow> oneLineEnd() {
    String all = text("a") + text("b") + end();
    return Stream.of(
        completes("one LF", all.replace("\n\n", "\n")),
        completes("one CRLF", all.replace("\n\n", "\r\n")),
        completes("one CR", all.replace("\n\n", "\r")),
        completes("without an end", all.replace("\n\n", "\n").replace(DONE.strip() + "\n", "")),
        completes("a name each", named("message", all)),
        completes("other events between", between(all)),
        completes(
            "over lines", "data: {\ndata:  \"choices\": [\n" + overLines("a") + text("b") + end()),
        when(
                "an error at the end",
                respondWithEvents(one(text("a")) + "data: " + OVERFLOW + "\n\n"))
            .fails(ContextOverflowException.class, "accepted delta(a) failed(context_overflow)", 1),
        when(
                "an error event at the end",
                respondWithEvents(one(text("a")) + "event: error\ndata: " + OVERFLOW + "\n\n"))
            .fails(
                ContextOverflowException.class, "accepted delta(a) failed(context_overflow)", 1));
  }

  private static String overLines(String text) {
    return "data:  {\"delta\": {\ndata:   \"content\": \"" + text + "\"}\ndata:  }\ndata:  ]}\n\n";
  }

  private static String one(String events) {
    return events.replace("\n\n", "\n");
  }

  private static String named(String name, String events) {
    return one(events).replace("data:", "event: " + name + "\ndata:") + "\n";
  }

  private static String between(String events) {
    return one(events).replace("data:", "event: tick\ndata: {}\nevent: message\ndata:") + "\n";
  }

  static Stream<FaultRow> errorsWithoutFrame() {
    String indented =
        "{\n  \"error\": {\n    \"code\": 429,\n    \"message\": \"slow {down\"\n  }\n}";
    String flush = "{\n\"error\": {\n\"message\": \"Context size has been exceeded\"\n}\n}";
    Class<? extends LmStudioException> overflow = ContextOverflowException.class;
    return Stream.of(true, false)
        .flatMap(
            after ->
                Stream.of(
                    error(after, "one line", OVERFLOW + "\n\n", overflow),
                    error(after, "no line end", OVERFLOW, overflow),
                    error(after, "stays open", OVERFLOW + "\n", overflow),
                    error(after, "spaces before", "   " + OVERFLOW + "\n", overflow),
                    error(after, "after comments", ": ping\n\n" + OVERFLOW + "\n", overflow),
                    error(after, "flush left", flush, overflow),
                    error(after, "in an array", "[" + OVERFLOW + "]\n", overflow),
                    error(after, "array over lines", "[\n" + flush + "\n]\n", overflow),
                    error(after, "cut", flush.substring(0, flush.length() - 4), overflow),
                    error(after, "cut frame", "data: " + OVERFLOW.replace("\"}", ""), overflow),
                    error(after, "then [DONE]", OVERFLOW + "\n" + DONE, overflow),
                    error(after, "frame of data", "data: [" + OVERFLOW + "]\n\n", overflow),
                    error(after, "line of JSON", "error: " + OVERFLOW + "\n", overflow),
                    error(after, "line, then JSON over lines", "error: " + flush + "\n", overflow),
                    error(after, "in words", "data: Error: context size exceeded\n\n", overflow),
                    error(
                        after,
                        "status in a frame",
                        "data: {\"error\":{\"message\":\"m\",\"code\":\"429\"}}\n\n",
                        RateLimitedException.class),
                    error(
                        after,
                        "status that invites",
                        "data: {\"error\":{\"message\":\"m\",\"code\":503}}\n\n",
                        ServerException.class),
                    error(after, "Error line", "Error: Context size has been exceeded\n", overflow),
                    error(
                        after,
                        "text only",
                        "{\"error\":\"No models loaded.\"}\n",
                        ModelNotLoadedException.class),
                    error(
                        after,
                        "flat",
                        "{\"message\":\"boom\",\"code\":500}",
                        ServerException.class),
                    error(after, "detail", "{\"detail\":[{\"msg\":\"b\"}]}", ServerException.class),
                    error(after, "indented", indented, RateLimitedException.class),
                    error(
                        after,
                        "CRLF",
                        indented.replace("\n", "\r\n"),
                        RateLimitedException.class)));
  }

  private static FaultRow error(
      boolean afterText, String name, String error, Class<? extends LmStudioException> type) {
    String code =
        type == ContextOverflowException.class
            ? "context_overflow"
            : type == RateLimitedException.class
                ? "rate_limited"
                : type == ModelNotLoadedException.class ? "model_not_loaded" : "upstream_error";
    Script answer = respondWithEvents((afterText ? text("a") : "") + error);
    return when(
            name + (afterText ? " after text" : ""),
            name.equals("stays open") ? answer.thenStayOpen() : answer)
        .fails(type, "accepted " + (afterText ? "delta(a) " : "") + "failed(" + code + ")", 1);
  }

  static Stream<FaultRow> wholeAnswers() {
    String told = "accepted downgraded(not_streamed 1) delta(a) completed(stop)";
    String untyped = "downgraded(not_streamed 1) accepted delta(a) completed(stop)";
    String pretty = whole("a").replace("{", "{\n ").replace(",", ",\n  ");
    return Stream.of(
        when("labelled as a stream", respondWithEvents(whole("a"))).completes(told, 1),
        when("over lines", respondWithEvents(pretty + "\n")).completes(told, 1),
        when("stays open", respondWithEvents(whole("a") + "\n").thenStayOpen()).completes(told, 1),
        when("text/plain", respondWith(200, "text/plain").body(pretty)).completes(untyped, 1),
        when("spaces before", respondWith(200, "text/plain").body("\n \n" + whole("a")))
            .completes(untyped, 1),
        when("a byte order mark", respondWith(200, "text/plain").body("\uFEFF" + whole("a")))
            .completes(untyped, 1),
        when("HTML labelled as a stream", respondWithEvents("<!DOCTYPE html>\n<html>\n</html>"))
            .fails(ProtocolException.class, "accepted failed(upstream_protocol_error)", 1),
        when("text labelled as text", respondWith(200, "text/plain").body("It works"))
            .fails(ProtocolException.class, "failed(upstream_protocol_error)", 1),
        when("an error in text", respondWith(200, "text/plain").body(OVERFLOW))
            .fails(ContextOverflowException.class, "failed(context_overflow)", 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"heartbeats", "oneLineEnd", "errorsWithoutFrame", "wholeAnswers"})
  void oddStream_isReadForWhatItSaysAndPostedOnce(FaultRow row) {
    row.check();
  }

  private Outcome read(String stream) {
    Outcome outcome = lmStudio.answering(respondWithEvents(stream)).chat();
    assertThat(outcome.posted()).isEqualTo(1);
    return outcome;
  }

  @Test
  void halfACharacter_isJoinedWithItsOtherHalf() {
    Outcome outcome =
        read(
            delta("{\"content\":\"a\\ud83d\"}")
                + delta("{\"reasoning\":\"\\ud83d\"}")
                + delta("{\"reasoning\":\"\\ude01\"}")
                + delta("{\"content\":\"\\ude00b\\ud83d\"}")
                + delta("{\"content\":\"c\\ude00\\ud83d\"}")
                + end());
    assertThat(outcome.told())
        .isEqualTo(
            "handle accepted delta(a) delta(\uD83D\uDE01) delta(\uD83D\uDE00b)"
                + " delta(\uFFFDc\uFFFD) delta(\uFFFD) completed(stop)");
    assertThat(outcome.answer().content()).isEqualTo("a\uD83D\uDE00b\uFFFDc\uFFFD\uFFFD");
    assertThat(outcome.answer().reasoning()).isEqualTo("\uD83D\uDE01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "tool_calls", "length"})
  void answerWithToolCalls_endsWithToolCallsWhateverWasSaid(String said) {
    String call =
        delta(
            "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}");
    assertThat(read(call + finish(said) + DONE).answer().finishReason()).isEqualTo("tool_calls");
    assertThat(read(call + finish("tool_calls") + finish(said) + DONE).answer().finishReason())
        .isEqualTo("tool_calls");
  }

  @Test
  void toolCallThatWasCut_endsWithLength() {
    String call =
        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}");
    assertThat(read(call + finish("length") + DONE).answer().finishReason()).isEqualTo("length");
  }

  @Test
  void wholeAnswerInParts_isTextAndReasoning() {
    String parts =
        "[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"x\"}]";
    Completion answer =
        lmStudio
            .answering(Script.respondWithJson(200, whole("?").replace("\"?\"", parts)))
            .chat()
            .answer();
    assertThat(answer.content()).isEqualTo("a");
    assertThat(answer.reasoning()).isEqualTo("hm");
    Completion again = Completion.of(answer.raw());
    assertThat(again.content()).isEqualTo("a");
    assertThat(again.reasoning()).isEqualTo("hm");
    assertThat(answer.raw().toString()).contains("\"type\":\"x\"");
  }

  @Test
  void gzip_isDecodedWhileItComes() throws IOException {
    byte[] zipped = gzip(text("a") + text("b") + end());
    Script pieces = respondWith(200, "text/event-stream").header("Content-Encoding", "x-gzip");
    assertThat(lmStudio.answering(pieces.bodyInPieces(zipped, 1)).chat().told())
        .isEqualTo("handle " + OK);
    Script json = respondWith(200, "application/json").header("Content-Encoding", "gzip");
    assertThat(lmStudio.answering(json.body(gzip(whole("a")))).chat().answer().content())
        .isEqualTo("a");
  }

  @Test
  void invalidGzip_isRefusedAndPostedOnce() {
    Script answer = respondWith(200, "text/event-stream").header("Content-Encoding", "gzip");
    Outcome outcome = lmStudio.answering(answer.body(text("a") + end())).chat();
    assertThat(outcome.error()).isInstanceOf(ProtocolException.class).hasMessageContaining("gzip");
    assertThat(outcome.posted()).isEqualTo(1);
  }

  @Test
  void gzipOfZeros_endsAtTheBoundOfWhatItDecodesTo() throws IOException {
    Script answer = respondWith(200, "text/event-stream").header("Content-Encoding", "gzip");
    String comment = ":" + " ".repeat(100_000) + "\n";
    Outcome outcome = lmStudio.answering(answer.body(gzip(comment.repeat(700)))).chat();
    assertThat(outcome.error()).isInstanceOf(ProtocolException.class);
    assertThat(outcome.posted()).isEqualTo(1);
  }

  @Test
  void emptyEventStreamWithAMarkedEnd_isRefusedAndPostedOnce() {
    Outcome marked =
        lmStudio.answering(respondWith(200, "text/event-stream").delimitedByLength()).chat();
    assertThat(marked.error()).isInstanceOf(ProtocolException.class).hasMessageContaining("empty");
    assertThat(marked.posted()).isEqualTo(1);
  }

  @Test
  void emptyEventStreamWhoseConnectionIsClosed_isABreak() {
    Script cut = respondWith(200, "text/event-stream").delimitedByClose();
    Outcome outcome = lmStudio.answering(cut, cut, cut).chat();
    assertThat(outcome.error()).isInstanceOf(StreamingException.class);
    assertThat(outcome.posted()).isEqualTo(3);
  }

  @Test
  void compressionThatNobodyAskedForAndThatBreaksOff_isRefusedAndPostedOnce() {
    Script answer = respondWith(200, "text/event-stream").header("Content-Encoding", "br");
    Outcome outcome = lmStudio.answering(answer.body("x").thenReset()).chat();
    assertThat(outcome.error()).isInstanceOf(ProtocolException.class).hasMessageContaining("br");
    assertThat(outcome.posted()).isEqualTo(1);
  }

  @Test
  void errorInGzip_isMappedByItsText() throws IOException {
    Script answer = respondWith(400, "application/json").header("Content-Encoding", "gzip");
    Outcome outcome = lmStudio.answering(answer.body(gzip(OVERFLOW))).chat();
    assertThat(outcome.error()).isInstanceOf(ContextOverflowException.class);
    assertThat(outcome.posted()).isEqualTo(1);
  }

  private static byte[] gzip(String body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "-1e-999999999", "1e99999999999", "123456789e500"})
  void hugeNumbers_areSkipped(String number) {
    String chunk =
        "data: {\"created\":%1$s,\"new\":%1$s,\"usage\":{\"prompt_tokens\":%1$s},\"choices\":[{"
                .formatted(number)
            + "\"index\":0,\"delta\":{\"content\":\"a\",\"x\":%s}}]}\n\n".formatted(number);
    assertThat(read(chunk + end()).answer().content()).isEqualTo("a");
  }

  @Test
  void numberOfManyDigits_isSkipped() {
    String digits = "9".repeat(5_000);
    String chunk =
        "data: {\"new\":%1$s,\"usage\":{\"prompt_tokens\":%1$s},\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
            .formatted(digits);
    assertThat(read(chunk + end()).answer().content()).isEqualTo("a");
  }

  @Test
  void interimAnswersWithoutEnd_endAtTheLimit() {
    try (ScriptedLmStudio impatient =
        new ScriptedLmStudio(settings -> settings.limits(IMPATIENT))) {
      String flood = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10);
      Outcome outcome =
          impatient.answering(respondWithRaw(flood.getBytes(UTF_8)).thenStayOpen()).chat();
      assertThat(outcome.error()).isInstanceOf(TimeoutException.class);
      assertThat(outcome.posted()).isEqualTo(1);
    }
  }
}
