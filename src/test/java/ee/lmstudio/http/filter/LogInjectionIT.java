package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.SharedServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers send line ends and terminal codes in every place; the log contains none of them. */
@ExtendWith(SharedServer.class)
@Timeout(120)
class LogInjectionIT {
  /** CR LF, ESC (which sets the title of a terminal), U+2028, U+0085. */
  private static final String CODED = "%0d%0aINJECTED%1b%5d0;%e2%80%a8INJECTED%c2%85INJECTED";

  private static final String ESCAPED = "a\\r\\nINJECTED\\u001b]0;\\u2028INJECTED\\u0085INJECTED";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(10);

  private static int requests;

  @Test
  void lineEndsAndTerminalCodesOfCallers_areNotInTheLog(PayaraServer server) throws Exception {
    for (String path :
        List.of(
            "x" + CODED,
            "js/" + CODED,
            "x" + CODED + ".xhtml",
            "jakarta.faces.resource/" + CODED + ".css?ln=" + CODED,
            "login?" + CODED + "=" + CODED,
            "v1/models/" + CODED,
            "api/v1/ai/lmstudio/streams/" + CODED,
            "api/v1/ai/lmstudio/models?limit=" + CODED + "&cursor=" + CODED,
            "simulator/v1/" + CODED)) {
      assertThat(send(server, "GET", path, "").statusCode()).as(path).isLessThan(500);
      send(server, "FOO", path, "");
    }
    String form = "login=login&login%%3Atoken=%1$s&jakarta.faces.ViewState=%1$s".formatted(CODED);
    send(server, "POST", "login", "application/x-www-form-urlencoded", form);
    String json = "{\"model\":\"%1$s\",\"prompt\":\"%1$s\",\"stream\":false}".formatted(ESCAPED);
    String infer = "api/v1/ai/lmstudio/infer";
    HttpResponse<String> asked = send(server, "POST", infer, "application/json", json);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(404);
    send(server, "POST", infer, "application/json", "{" + ESCAPED + "}");
    String valid = "{\"model\":\"sim-chat\",\"prompt\":\"Hi\",\"max_tokens\":1,\"stream\":false}";
    send(server, "POST", infer, "application/json", valid);

    String log = logWithRecordOf(server, "injected-" + requests);
    assertThat(log.lines()).noneMatch(line -> line.startsWith("INJECTED"));
    assertThat(log).doesNotContain("\u001b]", "\u2028", "\u0085");
    assertThat(log.lines().filter(line -> line.contains("\"lmstudio.call\"")))
        .as("one JSON object on each line")
        .allSatisfy(line -> assertThat(line).containsOnlyOnce("{\"event\":").endsWith("}"));
  }

  /** Returns the log when it has the record of this request; it is written a moment later. */
  private static String logWithRecordOf(PayaraServer server, String requestId) {
    String record = "\"request_id\":\"" + requestId + "\"";
    long end = System.nanoTime() + WRITTEN_WITHIN.toNanos();
    String log = server.log();
    while (!log.contains(record) && System.nanoTime() < end) {
      log = server.log();
    }
    assertThat(log).contains(record);
    return log;
  }

  private static HttpResponse<String> send(
      PayaraServer server, String method, String path, String type, String... body)
      throws Exception {
    requests++;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.url(path))
            .headers("x-api-key", PayaraServer.ALICE, "X-Request-Id", "injected-" + requests)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofString(body[0]));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
