package ee.lmstudio.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.simulator.socket.Script;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LM Studio repeats a part of the key that it refuses; no error of ours does. */
class RedactedErrorTest {
  private static final String KEY = "canary-0123456789";
  private static final String SAYS = "Malformed LM Studio API token provided: canary-012... (x)";

  static Stream<Script> answers() {
    String stated = "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"" + SAYS + "\"}}";
    return Stream.of(
        Script.respondWithJson(401, stated),
        Script.respondWithJson(400, "{\"error\":\"" + SAYS + "\"}"),
        Script.respondWithJson(400, "{\"error\":{\"message\":\"?\",\"param\":\"" + SAYS + "\"}}"),
        Script.respondWith(403, "text/plain").body(SAYS),
        Script.respondWith(200, "text/html").body("<title>" + SAYS + KEY + "</title>"),
        Script.respondWith(200, "text/" + KEY).body("?"),
        Script.respondWith(200, "text/plain").header("Content-Encoding", KEY).body("?"),
        Script.respondWithEvents("event: error\ndata: " + stated + "\n\n"),
        Script.respondWithEvents("error: " + SAYS + " header-secret\n"),
        noHttp("SSH-2.0 " + SAYS + " header-secret " + KEY + "\r\n"),
        noHttp("HTTP/1.1 200 OK\r\nA line of " + KEY + " without a colon\r\n\r\n"),
        noHttp("HTTP/1.1 200 OK\r\nContent-Length: " + KEY + "\r\n\r\n"));
  }

  private static Script noHttp(String answer) {
    return Script.respondWithRaw(answer.getBytes(UTF_8));
  }

  /** A log shows the messages of causes, too. */
  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0 ", "HTTP/1.1 200 OK\r\nno header "})
  void longLineThatIsNotHttp_isQuotedShortened(String begin) {
    String line = "A private answer. ".repeat(500);
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      Throwable error = lmStudio.answering(noHttp(begin + line + "\r\n")).chat().error();
      assertThat(error).isInstanceOf(ProtocolException.class);
      for (Throwable cause = error; cause != null; cause = cause.getCause()) {
        assertThat(cause.getMessage()).hasSizeLessThan(400);
      }
      assertThat(error.getCause()).hasMessageContaining("ClientProtocolException");
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void echoOfTheKey_isNotRepeated(Script answer) {
    try (ScriptedLmStudio lmStudio =
        new ScriptedLmStudio(
            settings ->
                settings.apiKey(Secret.of(KEY)).extraHeaders(Map.of("X-Key", "header-secret")))) {
      Throwable error = lmStudio.answering(answer).chat().error();
      StringWriter all = new StringWriter();
      error.printStackTrace(new PrintWriter(all));
      all.append(((LmStudioException) error).hint());
      if (error instanceof ValidationException wrong) {
        all.append(wrong.faults().toString());
      }
      assertThat(all.toString()).contains("***").doesNotContain("canary").doesNotContain("secret");
    }
  }
}
