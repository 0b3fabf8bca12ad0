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
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;

import ee.lmstudio.sdk.LmStudioSettings.Builder;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.simulator.socket.Script;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a stream broke and what follows then; when it was whole; and what is too much. */
class BrokenStreamTest {
  private static final UnaryOperator<Builder> NO_RECOVERY =
      settings -> settings.streamRecovery(StreamRecovery.OFF);
  private static final String NOT_JSON = "data: {\"choices\":[\n\n";
  private static final String DEBRIS = text("b").replace("data: {", "data: \n");
  private static final String NO_ERROR =
      "data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"H";
  private static final String TOO_DEEP = "data: " + "[".repeat(5000) + "\n\n";

  static Stream<FaultRow> breaks() {
    return Stream.of(
        when("before text, the second is whole", cut(""), ok("b"))
            .completes("accepted delta(b) completed(stop)", 2),
        when("before text twice, then plain", cut(""), cut(""), plain("c"))
            .completes("accepted downgraded(break 2) delta(c) completed(stop)", 3),
        when("before headers", close(), reset(), plain("c"))
            .completes("downgraded(break 2) accepted delta(c) completed(stop)", 3),
        when("after text, the second is whole", cut("a"), ok("b"))
            .completes("accepted delta(a) reset(break) delta(b) completed(stop)", 2),
        when("after text by an RST", respondWithEvents(text("a")).thenReset(), ok("b"))
            .completes("accepted delta(a) reset(break) delta(b) completed(stop)", 2),
        when("after text twice, then plain", cut("a"), cut("b"), plain("c"))
            .completes(
                "accepted delta(a) reset(break) delta(b) downgraded(break 2) reset(break) delta(c)"
                    + " completed(stop)",
                3),
        when("the second before text: the old text stands until the plain one", cut("a"), cut(""))
            .with(settings -> settings.maxRetries(0))
            .fails(
                ServerException.class,
                "accepted delta(a) downgraded(break 2) failed(upstream_error)",
                3),
        when("the plain one breaks, too", cut(""), cut(""), respondWithJson(200, "{").cutAt(1))
            .fails(
                ProtocolException.class,
                "accepted downgraded(break 2) failed(upstream_protocol_error)",
                3),
        when("the plain one is cut", cut(""), cut(""), cutWhole())
            .fails(
                StreamingException.class, "accepted downgraded(break 2) failed(upstream_error)", 3),
        when("the plain one is an error", cut(""), cut(""), respondWithJson(401, "{}"))
            .fails(
                AuthenticationException.class,
                "accepted downgraded(break 2) failed(upstream_auth_failed)",
                3),
        when("the plain one sends a stream", cut("a"), cut(""), ok("c"))
            .completes(
                "accepted delta(a) downgraded(break 2) reset(break) delta(c) completed(stop)", 3),
        when("the plain one sends a stream that breaks", cut(""), cut(""), cut("c"))
            .fails(
                StreamingException.class,
                "accepted downgraded(break 2) delta(c) failed(upstream_error)",
                3),
        when("a whole answer where the second stream was due", cut("a"), plain("b"))
            .completes(
                "accepted delta(a) downgraded(not_streamed 2) reset(break) delta(b)"
                    + " completed(stop)",
                2),
        when("no recovery, after text", cut("a"))
            .with(NO_RECOVERY)
            .fails(StreamingException.class, "accepted delta(a) failed(upstream_error)", 1),
        when("no recovery, before text", cut(""), cut("b"))
            .with(NO_RECOVERY)
            .fails(StreamingException.class, "accepted delta(b) failed(upstream_error)", 2),
        when("no JSON", respondWithEvents(text("a") + NOT_JSON + end()), ok("b"))
            .completes("accepted delta(a) reset(break) delta(b) completed(stop)", 2),
        when("within a chunk that has no error", respondWithEvents(NO_ERROR), ok("b"))
            .completes("accepted delta(b) completed(stop)", 2),
        when("nested too deep", respondWithEvents(text("a") + TOO_DEEP + end()), ok("b"))
            .completes("accepted delta(a) reset(break) delta(b) completed(stop)", 2),
        when("a line end for a brace", respondWithEvents(text("a") + DEBRIS + end()), ok("b"))
            .completes("accepted delta(a) reset(break) delta(b) completed(stop)", 2),
        when("the same after finish_reason", respondWithEvents(text("a") + finish("stop") + DEBRIS))
            .completes("accepted delta(a) completed(stop)", 1),
        when("another shape", respondWithEvents("data: {\"choices\":{}}\n\n"), ok("b"))
            .completes("accepted delta(b) completed(stop)", 2),
        when("an error whose body breaks off", respondWithJson(401, "{\"error\":1}").resetAt(3))
            .fails(AuthenticationException.class, "failed(upstream_auth_failed)", 1));
  }

  static Stream<FaultRow> ends() {
    return Stream.of(
        when("[DONE] missing", respondWithEvents(text("a") + finish("length")))
            .completes("accepted delta(a) completed(length)", 1),
        when("[DONE] missing, cut", respondWithEvents(text("a") + finish("stop")).thenReset())
            .completes("accepted delta(a) completed(stop)", 1),
        when("[DONE] without a blank line", respondWithEvents(text("a") + "data: [DONE]\n"))
            .completes("accepted delta(a) completed(stop)", 1),
        when("[DONE] without a line end", respondWithEvents(text("a") + "data: [DONE]"))
            .completes("accepted delta(a) completed(stop)", 1),
        when("text without a blank line", respondWithEvents(text("a") + text("b").strip()), ok("c"))
            .completes("accepted delta(a) reset(break) delta(c) completed(stop)", 2),
        when("finish_reason missing", respondWithEvents(text("a") + DONE))
            .completes("accepted delta(a) completed(stop)", 1),
        when("finish_reason empty, cut", respondWithEvents(unfinished("a")).thenClose(), ok("b"))
            .completes("accepted delta(a) reset(break) delta(b) completed(stop)", 2),
        when("another answer beside the first", respondWithEvents(second() + text("a") + end()))
            .completes("accepted delta(a) completed(stop)", 1),
        when("finish_reason only", respondWithEvents(end()))
            .completes("accepted completed(stop)", 1),
        when("[DONE] only", respondWithEvents(DONE))
            .fails(ProtocolException.class, "accepted failed(upstream_protocol_error)", 1),
        when("data after [DONE]", respondWithEvents(text("a") + end() + text("b") + NOT_JSON))
            .completes("accepted delta(a) completed(stop)", 1),
        when(
                "no JSON after finish_reason",
                respondWithEvents(text("a") + finish("stop") + NOT_JSON))
            .completes("accepted delta(a) completed(stop)", 1),
        when("connection stays open after [DONE]", ok("a").thenStayOpen())
            .completes("accepted delta(a) completed(stop)", 1),
        when("what is to be ignored", respondWithEvents(noise() + text("a") + noise() + end()))
            .completes("accepted delta(a) completed(stop)", 1),
        when("a NUL in the text", respondWithEvents(text("a\0b") + end()))
            .completes("accepted delta(a\0b) completed(stop)", 1),
        when("whole where a stream was due", plain("a"))
            .completes("downgraded(not_streamed 1) accepted delta(a) completed(stop)", 1),
        when("streaming switched off", plain("a"))
            .with(settings -> settings.streamingEnabled(false))
            .completes("downgraded(disabled 0) accepted delta(a) completed(stop)", 1),
        when("another model", respondWithEvents(model("other") + text("a") + end()))
            .completes("accepted model(other) delta(a) completed(stop)", 1),
        when("another model, strict", respondWithEvents(model("other") + text("a") + end()))
            .with(settings -> settings.strictModel(true))
            .fails(ModelNotFoundException.class, "accepted failed(model_not_found)", 1));
  }

  static Stream<FaultRow> tooMuch() {
    Class<ProtocolException> protocol = ProtocolException.class;
    String told = "accepted failed(upstream_protocol_error)";
    String line = "data: " + "x".repeat(1 << 20) + "\n\n";
    String event = ("data: " + "x".repeat(1 << 19) + "\n").repeat(9) + "\n";
    Script silence = respondWith(200, "text/event-stream");
    String comment = ": " + "x".repeat(1 << 19) + "\n";
    for (int i = 0; i < 130; i++) {
      silence.body(comment);
    }
    Script answer = respondWith(200, "text/event-stream");
    String euros = delta("{\"reasoning\":\"" + "€".repeat(300_000) + "\"}");
    for (int i = 0; i < 20; i++) {
      answer.body(euros);
    }
    String large = "delta(" + "€".repeat(300_000) + ") ";
    return Stream.of(
        when("a line over 1 MiB", respondWithEvents(line + end())).fails(protocol, told, 1),
        when("an event over 4 MiB", respondWithEvents(event + end())).fails(protocol, told, 1),
        when("64 MiB without a word", silence.body(text("a") + end())).fails(protocol, told, 1),
        when("an answer over 16 MiB", answer.body(end()))
            .fails(
                AnswerTooLargeException.class,
                "accepted " + large.repeat(18) + "failed(answer_too_large)",
                1));
  }

  private static Script cut(String text) {
    return respondWithEvents(text.isEmpty() ? "" : text(text)).thenClose();
  }

  private static Script ok(String text) {
    return respondWithEvents(text(text) + end());
  }

  private static Script plain(String text) {
    return respondWithJson(200, whole(text));
  }

  private static Script cutWhole() {
    return respondWithJson(200, whole("c")).cutAt(20);
  }

  private static Script close() {
    return respondWithRaw(new byte[0]);
  }

  private static Script reset() {
    return respondWithRaw(new byte[0]).thenReset();
  }

  private static String model(String name) {
    return "data: {\"model\":\"" + name + "\",\"choices\":[]}\n\n";
  }

  private static String unfinished(String text) {
    return "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"},\"finish_reason\":\"\"}]}\n\n"
        .formatted(text);
  }

  private static String second() {
    return "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"},"
        + "\"finish_reason\":\"length\"}]}\n\n";
  }

  private static String noise() {
    return ": comment\nretry: 5\nid: 7\nunknown: field\n\n"
        + "data:\n\ndata: \n\n{not: json\n\n"
        + "event: model_load.progress\ndata: {\"progress\":0.5}\n\n"
        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
        + "data: {\"choices\":null,\"new\":[[{}]],\"other\":{\"a\":{}}}\n\n"
        + delta("{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":null,\"refusal\":null}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"breaks", "ends", "tooMuch"})
  void stream_isReadAsTheTableSays(FaultRow fault) {
    fault.check();
  }
}
