package ee.lmstudio.sdk;

import static ee.lmstudio.simulator.socket.Script.respondWith;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.simulator.socket.Script;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams from public bug reports give the result that {@code expect.json} names, with all seven
 * invariants. {@code case.md} beside each file names the report.
 */
class ReportedCaseTest {
  private static final String EVENTS = "text/event-stream";

  private static Outcome completes(String finishReason, String shown, Script answer) {
    return check(Expected.completes(finishReason, 1, shown), answer);
  }

  private static Outcome fails(
      Class<? extends LmStudioException> error, String shown, Script answer) {
    return check(Expected.fails(error, 1, shown), answer);
  }

  private static Outcome check(Expected expected, Script answer) {
    try (Invariants invariants = new Invariants(settings -> settings)) {
      Outcome outcome = invariants.check("case", expected, java.util.List.of(answer));
      assertThat(outcome.told()).doesNotContain("reset", "downgraded");
      return outcome;
    }
  }

  private static Script stream(String file) {
    return respondWith(200, EVENTS).body(Recorded.reported(file));
  }

  @Test
  void toolNameResentOrInPieces_isTheNameOnce() {
    Outcome outcome =
        completes(
            "tool_calls",
            "read_file{\"path\":\"a.txt\"}edit_existing_file{}",
            stream("03-tool-name-id-resent/upstream.sse"));
    assertThat(outcome.answer().toolCalls())
        .containsExactly(
            new ToolCall("call_r", "read_file", "{\"path\":\"a.txt\"}"),
            new ToolCall("call_e", "edit_existing_file", "{}"));
  }

  @Test
  void heartbeatsAsData_areNeitherChunksNorABreak() {
    Outcome outcome = completes("stop", "Still here", stream("09-heartbeat-data/upstream.sse"));
    assertThat(outcome.observer().chunks).hasSize(4).allMatch(chunk -> chunk.contains("choices"));
    assertThat(outcome.answer().raw()).as("nothing of a heartbeat").doesNotContainKey("type");
  }

  @Test
  void contentArray_isTextAndReasoning() {
    Outcome outcome =
        completes("stop", "Let me see.The answer is 4.", stream("13-content-array/upstream.sse"));
    assertThat(outcome.answer().content()).isEqualTo("The answer is 4.");
    assertThat(outcome.answer().reasoning()).isEqualTo("Let me see.");
    assertThat(outcome.answer().raw().getJsonArray("content_parts").toString())
        .as("parts of other kinds are kept")
        .isEqualTo("[{\"type\":\"reference\",\"reference_ids\":[1]}]");
  }

  @Test
  void eventsSeparatedByOneLineEnd_areChunksOfTheirOwn() {
    Outcome outcome = completes("tool_calls", "Lookls{}", stream("18-single-newline/upstream.sse"));
    assertThat(outcome.answer().content()).isEqualTo("Look");
    assertThat(outcome.answer().toolCalls()).containsExactly(new ToolCall("call_s", "ls", "{}"));
    assertThat(outcome.observer().chunks).hasSize(5);
  }

  @Test
  void multiLineErrorInMidStream_isReported() {
    Outcome outcome =
        fails(RateLimitedException.class, "Part one", stream("20-error-unframed/upstream-mid.sse"));
    assertThat(outcome.error()).hasMessageContaining("Resource has been exhausted");
  }

  @Test
  void errorInPlaceOfAStream_isStated() {
    fails(ModelNotFoundException.class, "", stream("20-error-unframed/upstream-whole-error.sse"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorWithoutABlankLine_isStatedHoweverTheConnectionEnds(boolean inOrder) {
    Script answer = stream("20-error-unframed/upstream-unterminated.sse");
    fails(ServerException.class, "Part one", inOrder ? answer : answer.thenClose());
  }

  @Test
  void gzipThatWasNotAskedFor_isDecoded() {
    Outcome outcome =
        completes(
            "stop",
            "Zipped text",
            stream("23-gzip-and-missing-type/upstream.sse.gz").header("Content-Encoding", "gzip"));
    assertThat(outcome.answer().headers()).containsKey("content-encoding");
  }

  @Test
  void brotli_isRefusedClearly() {
    Outcome outcome =
        fails(
            ProtocolException.class,
            "",
            stream("23-gzip-and-missing-type/upstream.br.bin").header("Content-Encoding", "br"));
    assertThat(outcome.error()).hasMessageContaining("compressed (br)");
  }

  @Test
  void streamWithoutContentType_isRead() {
    byte[] body = Recorded.reported("23-gzip-and-missing-type/upstream.sse");
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
    answer.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
    answer.writeBytes(body);
    answer.writeBytes("\r\n0\r\n\r\n".getBytes(UTF_8));
    completes("stop", "Plain text", respondWithRaw(answer.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/octet-stream", "application/json", ";;;"})
  void streamWithAnotherContentType_isRead(String type) {
    byte[] body = Recorded.reported("23-gzip-and-missing-type/upstream.sse");
    completes("stop", "Plain text", respondWith(200, type).body(body));
    completes("stop", "Plain text", respondWith(200, type).bodyInPieces(body, 1));
  }
}
