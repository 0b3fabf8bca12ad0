package ee.lmstudio.sdk.internal.negotiation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.sse.EventStreamListener;
import ee.lmstudio.sdk.internal.sse.EventStreamParser;
import ee.lmstudio.sdk.internal.sse.ServerSentEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads odd streams whole, in two pieces at every byte, and cut at every byte. */
class StreamReaderTest {
  private static final String A = Chunks.text("a");
  private static final String END = Chunks.end();
  private static final String OVERFLOW = "{\"error\":\"Context size has been exceeded\"}";
  private static final String PRETTY =
      "{\n  \"error\": {\n    \"code\": 429,\n    \"message\": \"slow {down\"\n  }\n}\n";

  /** What a stream said: text, then how it ended. */
  private static final class Told implements StreamReader.Sink, EventStreamListener {
    final StringBuilder text = new StringBuilder();
    final StreamReader reader =
        new StreamReader(this, new ErrorAnswers(LmStudioSettings.defaults()));
    String end = "open";
    int heartbeats;

    static Told of(byte[]... pieces) throws IOException {
      Told told = new Told();
      EventStreamParser parser = new EventStreamParser(told);
      try {
        for (byte[] piece : pieces) {
          parser.feed(piece, 0, piece.length);
        }
        told.reader.ending();
        parser.feed("\n\n".getBytes(UTF_8), 0, 2);
        told.reader.end();
      } catch (LmStudioException stated) {
        told.end = stated.code();
      }
      return told;
    }

    static Told of(String stream) throws IOException {
      return of(stream.getBytes(UTF_8));
    }

    @Override
    public void onEvent(ServerSentEvent event) {
      reader.event(event.getName(), event.readData());
    }

    @Override
    public void onOtherLine(String line) {
      reader.otherLine(line);
    }

    @Override
    public boolean beginsNewEvent(byte last, byte first) {
      return reader.beginsNewEvent(last, first);
    }

    @Override
    public void chunk(Chunk chunk) {
      text.append(chunk.delta().content());
      if (chunk.finishReason() != null) {
        end = chunk.finishReason();
      }
    }

    @Override
    public void heartbeat() {
      heartbeats++;
    }

    @Override
    public void whole(String json) {
      end = "whole";
    }

    @Override
    public void broken(BrokenStreamException why) {
      end = end.equals("stop") ? end : "broken";
    }

    @Override
    public String toString() {
      return text + " " + end;
    }
  }

  static Stream<String[]> streams() {
    return Stream.of(
        odd(
            "heartbeats",
            A + "data: null\n\ndata: {}\n\ndata:\n\nevent: ping\ndata: 1\n\n" + END,
            "a stop"),
        odd("one line end", (A + Chunks.text("b") + END).replace("\n\n", "\n"), "ab stop"),
        odd("one line end, CRLF", (A + END).replace("\n\n", "\r\n"), "a stop"),
        odd("data over lines", A + over(Chunks.text("b")) + END, "ab stop"),
        odd("bare error", A + OVERFLOW + "\n\n" + END, "a context_overflow"),
        odd("pretty error", A + PRETTY + "\n", "a rate_limited"),
        odd("pretty error first", PRETTY, " rate_limited"),
        odd("pretty error, CRLF", A + PRETTY.replace("\n", "\r\n"), "a rate_limited"),
        odd("error line", A + "error: Context size has been exceeded\n\n", "a context_overflow"),
        odd("error line of JSON", A + "error: " + OVERFLOW + "\n\n", "a context_overflow"),
        odd("error line, pretty", A + "error: " + PRETTY, "a rate_limited"),
        odd(
            "error in words",
            A + "data: [ERROR] Context size has been exceeded\n\n",
            "a context_overflow"),
        odd("error frame", A + "data: " + OVERFLOW + "\n\n", "a context_overflow"),
        odd("error event", A + "event: error\ndata: " + OVERFLOW + "\n\n", "a context_overflow"),
        odd("array", A + "[\n" + OVERFLOW + "\n]\n", "a context_overflow"),
        odd("whole answer", Chunks.whole("w"), " whole"),
        odd("whole answer, pretty", Chunks.whole("w").replace(",", ",\n "), " whole"));
  }

  private static String[] odd(String name, String stream, String told) {
    return new String[] {name, stream, told};
  }

  private static String over(String event) {
    return event.replace("{\"choices\"", "{\ndata:  \"choices\"").replace("}]}", "}\ndata: ]}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void oddStream_isReadTheSameHoweverItIsCut(String name, String stream, String told)
      throws IOException {
    byte[] bytes = stream.getBytes(UTF_8);
    for (int at = 0; at <= bytes.length; at++) {
      byte[] first = Arrays.copyOf(bytes, at);
      byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
      assertThat(Told.of(first, rest)).as("%s in two at %d", name, at).hasToString(told);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void oddStreamThatEndsAtAnyByte_neverLooksCompleteAndKeepsItsError(
      String name, String stream, String told) throws IOException {
    byte[] bytes = stream.getBytes(UTF_8);
    String text = told.substring(0, told.indexOf(' '));
    String end = told.substring(told.indexOf(' ') + 1);
    int key = stream.indexOf("\"error\"");
    int whole = Math.max(stream.lastIndexOf("exceeded"), stream.indexOf("{down")) + 8;
    for (int at = 0; at < bytes.length; at++) {
      Told cut = Told.of(Arrays.copyOf(bytes, at));
      assertThat(text).as("%s cut at %d", name, at).startsWith(cut.text.toString());
      assertThat(cut.end)
          .as("%s cut at %d", name, at)
          .isIn("open", "broken", "upstream_error", end);
      if (cut.end.equals("stop")) {
        assertThat(stream.substring(0, at)).contains("\"finish_reason\":\"stop\"}]}");
      }
      if (key >= 0 && at >= key + "\"error\"".length()) {
        assertThat(cut.end).as("%s cut at %d is stated", name, at).isNotIn("open", "broken");
      }
      if (whole > 7 && at >= whole) {
        assertThat(cut.end).as("%s cut at %d, all was said", name, at).isEqualTo(end);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'error':{'message':'m','code':429}}|rate_limited",
        "{'error':{'message':'m','code':'429'}}|rate_limited",
        "{'error':{'message':'m','status':'RESOURCE_EXHAUSTED'}}|rate_limited",
        "{'error':{'message':'m','code':'rate_limit_exceeded'}}|rate_limited",
        "{'error':'m','statusCode':429}|rate_limited",
        "{'error':{'message':'m','status_code':400}}|validation_failed",
        "{'error':{'message':'m','code':401}}|upstream_auth_failed",
        "{'error':{'message':'m','code':404}}|upstream_error",
        "{'error':{'message':'m','code':503}}|upstream_error",
        "{'error':{'message':'m','code':7}}|upstream_error",
        "{'error':{'message':'No models loaded.','code':500}}|model_not_loaded",
        "{'message':'m','code':429}|rate_limited",
        "{'object':'error','message':'m','code':400}|validation_failed",
        "[{'error':{'message':'m','code':429}}]|rate_limited",
        "{'errors':[{'message':'m'}]}|upstream_error",
        "{'errors':[{'message':'m','status':429}]}|rate_limited",
        "{'errors':['No models loaded.']}|model_not_loaded",
        "{'code':500,'msg':'m'}|upstream_error",
        "{'code':'429','msg':'m'}|rate_limited",
        "{'choices':[{'delta':{},'finish_reason':'error'}]}|upstream_error",
        "{'choices':[{'delta':{},'finish_reason':'error','error':{'code':429}}]}|rate_limited",
        "{'choices':[{'error':{'message':'No models loaded.'}}]}|model_not_loaded",
        "{'error':{}}|upstream_error",
        "{'error':''}|upstream_error",
        "{'error':{'message':'m'},'choices':[]}|upstream_error",
        "{'error':{'message':'m'},'choices':[{'delta':{'content':'a'}}]}|upstream_error"
      })
  void errorFrame_isMappedByTheStatusThatItNames(String frame, String code) throws IOException {
    String json = frame.replace('\'', '"');
    assertThat(Told.of("data: " + json + "\n\n")).hasToString(" " + code);
    assertThat(Told.of(json + "\n")).hasToString(" " + code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: \"Error: No models loaded.\"|model_not_loaded",
        "data: \"{\\\"error\\\":\\\"No models loaded.\\\"}\"|model_not_loaded",
        "data: {\"error\":{\"code\":429,\"message\":\"m\"}}{\"choices\":[]}|rate_limited",
        "event: Error\\ndata: {\"message\":\"m\",\"code\":429}|rate_limited",
        "event: response.failed\\ndata: {\"response\":{\"error\":{\"code\":429}}}|rate_limited",
        "event: response.error\\ndata: {\"error\":\"No models loaded.\"}|model_not_loaded",
        "event: run_failed\\ndata: x|upstream_error"
      })
  void errorInAnOddFrame_isStated(String frame, String code) throws IOException {
    assertThat(Told.of(A + frame.replace("\\n", "\n") + "\n\n")).hasToString("a " + code);
  }

  @Test
  void failureEventWithTheAnswerSoFar_isToldWithoutIt() throws IOException {
    StreamReader reader = new Told().reader;
    assertThatThrownBy(() -> reader.event("response.failed", "{\"output\":\"secret\"}"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("response.failed")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'error':null}",
        "{'errors':[]}",
        "{'msg':'alive'}",
        "'ping'",
        "{'error':false}",
        "{'type':'ping','message':'alive'}",
        "{'type':'keep-alive','message':''}",
        "{'x':1}"
      })
  void objectThatIsNoError_isAHeartbeat(String frame) throws IOException {
    Told told = Told.of("data: " + frame.replace('\'', '"') + "\n\n");
    assertThat(told).hasToString(" open");
    assertThat(told.heartbeats).isEqualTo(1);
  }

  @Test
  void emptyErrorOfAChunk_isNone() throws IOException {
    String none = A.replace("{\"choices\"", "{\"error\":{},\"choices\"");
    String usage = "data: {\"choices\":[],\"error\":\"\",\"usage\":{\"prompt_tokens\":1}}\n\n";
    assertThat(Told.of(none + usage + END)).hasToString("a stop");
  }

  @Test
  void lastChunkWithoutABlankLine_countsOnlyWhereTheServerLeavesThemOut() throws IOException {
    String last = Chunks.finish("stop").strip();
    assertThat(Told.of(A + last)).hasToString("a open");
    assertThat(Told.of((A + A).replace("\n\n", "\n") + last)).hasToString("aa stop");
    String cut = last.substring(0, last.length() - 1);
    assertThat(Told.of((A + A).replace("\n\n", "\n") + cut)).hasToString("aa open");
  }

  @Test
  void chunkWithoutAFrame_isAChunk() throws IOException {
    assertThat(Told.of(A.substring("data: ".length()) + END)).hasToString("a stop");
    assertThat(Told.of("[DONE]\n").reader.done()).isTrue();
  }

  @Test
  void errorThatCannotBeClosed_isStatedWithoutItsText() throws IOException {
    StreamReader reader = new Told().reader;
    reader.otherLine("{\"error\":{\"code\":500},\"choices\":[\"secret\"],\"x\":");
    assertThatThrownBy(reader::end)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("cut")
        .hasMessageNotContaining("secret");
  }

  @Test
  void errorNextToAPieceOfAnAnswer_isToldWithoutThePiece() throws IOException {
    StreamReader reader = new Told().reader;
    String frame = "{\"error\":{\"code\":400},\"choices\":[{\"delta\":{\"content\":\"secret\"}}]}";
    assertThatThrownBy(() -> reader.event("message", frame))
        .isInstanceOf(ValidationException.class)
        .hasMessageNotContaining("secret");
  }
}
