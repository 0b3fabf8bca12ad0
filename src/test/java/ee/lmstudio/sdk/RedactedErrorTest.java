package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.simulator.socket.Script;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        Script.respondWithEvents("error: " + SAYS + " header-secret\n"));
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
