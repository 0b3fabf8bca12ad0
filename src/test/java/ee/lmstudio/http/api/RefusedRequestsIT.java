package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.code;
import static ee.lmstudio.http.api.Api.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import jakarta.json.JsonObject;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are refused before LM Studio hears of them, and in which order that is looked at.
 */
@ExtendWith(ContractServer.class)
@Timeout(90)
class RefusedRequestsIT {
  private static final String TOO_LARGE = "x".repeat((8 << 20) + 1);

  /** Everything is wrong; {@code right} takes the first faults away, in the contract's order. */
  private static HttpRequest wrongInAllBut(Api api, int right) {
    String path = Api.ROOT + (right >= 2 ? "infer" : "nothing");
    HttpRequest.Builder request = api.anonymous(path);
    if (right >= 1) {
      request.header("Authorization", "Bearer " + PayaraServer.ALICE);
    }
    request.header("Accept", right >= 4 ? EVENTS : "text/html");
    request.header("Content-Type", right >= 5 ? JSON : "text/plain");
    String body = right >= 7 ? chat("\"temperature\":9") : right >= 6 ? "{oops" : TOO_LARGE;
    return request.method(right >= 3 ? "POST" : "PUT", BodyPublishers.ofString(body)).build();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 401, unauthenticated",
    "1, 404, not_found",
    "2, 405, method_not_allowed",
    "3, 406, not_acceptable",
    "4, 415, unsupported_media_type",
    "5, 413, payload_too_large",
    "6, 400, malformed_json",
    "7, 422, validation_failed"
  })
  void severalFaults_areToldInThisOrder(int right, int status, String code, Api api)
      throws Exception {
    long posted = api.lmStudio().generationsPosted();
    assertThat(code(api.send(wrongInAllBut(api, right)), status)).isEqualTo(code);
    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted);
  }

  @Test
  void wholeAnswerAsEvents_isRefusedBeforeItsFieldsAre(Api api) throws Exception {
    assertThat(code(api.send(api.infer(EVENTS, chat("\"stream\":false", "\"x\":1"))), 406))
        .isEqualTo("not_acceptable");
  }

  @Test
  void session_needsOurOwnPage(Api api) throws Exception {
    HttpResponse<String> link =
        api.send(api.anonymous("ai/lmstudio/demo?token=" + PayaraServer.ALICE));
    String cookie = header(link, "Set-Cookie").split(";")[0];
    assertThat(header(link, "Set-Cookie")).contains("Path=/ai", "HttpOnly", "SameSite=Strict");
    HttpRequest.Builder request =
        api.anonymous(Api.ROOT + "infer")
            .header("Cookie", cookie)
            .header("Content-Type", JSON)
            .POST(BodyPublishers.ofString(chat("\"stream\":false")));
    assertThat(code(api.send(request.copy()), 403)).isEqualTo("forbidden");
    assertThat(code(api.send(request.copy().header("Sec-Fetch-Site", "cross-site")), 403))
        .isEqualTo("forbidden");
    HttpResponse<String> own = api.send(request.copy().header("Sec-Fetch-Site", "same-origin"));
    assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Accept, garbage, 406, not_acceptable",
    "Accept, application/json;q=x, 400, malformed_request",
    "Content-Type, garbage, 415, unsupported_media_type",
    "Content-Type, application/, 415, unsupported_media_type",
    "Content-Type, application/json;q=x, 415, unsupported_media_type",
    "Content-Type, 'application/json, text/plain', 415, unsupported_media_type",
  })
  void headerThatCannotBeRead_isNoFaultOfTheServer(
      String name, String value, int status, String code, Api api) throws Exception {
    HttpRequest.Builder request =
        api.anonymous(Api.ROOT + "infer")
            .header("Authorization", "Bearer " + PayaraServer.ALICE)
            .header("Accept", EVENTS)
            .header("Content-Type", JSON)
            .setHeader(name, value)
            .POST(BodyPublishers.ofString(chat()));
    assertThat(code(api.send(request), status)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 9437184', '', 413, payload_too_large",
    "'Upgrade: h2c|Content-Length: 9437184', '', 413, payload_too_large",
    "'Upgrade: h2c|Transfer-Encoding: chunked', 'zz\r\n', 400, malformed_request",
    "'Upgrade: h2c|Transfer-Encoding: chunked', '1\r\n{}\r\n0\r\n\r\n', 400, malformed_request",
  })
  void bodyThatIsNotAsTheHeadersSay_isTheClientsFault(
      String framing, String body, int status, String code, Api api) throws Exception {
    URI url = api.anonymous(Api.ROOT + "infer").build().uri();
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      String request =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                  .formatted(url.getPath(), PayaraServer.ALICE)
              + "Accept: application/json\r\nContent-Type: application/json\r\n%s\r\n\r\n%s"
                  .formatted(
                      framing.replace("|", "\r\n"), body.replace("\\r", "\r").replace("\\n", "\n"));
      socket.getOutputStream().write(request.getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        answer.append((char) next);
        if (answer.toString().endsWith("}}")) {
          break;
        }
      }
      assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\"" + code + "\"");
    }
  }

  @Test
  void wrongMethod_answersAllow(Api api) throws Exception {
    HttpResponse<String> response =
        api.send(api.request("infer").method("PATCH", BodyPublishers.noBody()));
    assertThat(code(response, 405)).isEqualTo("method_not_allowed");
    assertThat(header(response, "Allow")).contains("POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"streams/0123", "streams/../x", "streams/00112233445566778899aabbccddeeff", "x"})
  void unknownPath_is404(String path, Api api) throws Exception {
    assertThat(code(api.send(api.request(path)), 404)).isIn("stream_not_found", "not_found");
    assertThat(code(api.send(api.request("streams/none").DELETE()), 404))
        .isEqualTo("stream_not_found");
    assertThat(code(api.send(api.request("application.wadl")), 404)).isEqualTo("not_found");
  }

  @Test
  void wrongFields_areToldAllAtOnce(Api api) throws Exception {
    HttpResponse<String> response =
        api.send(
            api.infer(
                EVENTS,
                "{\"messages\":[{\"role\":\"boss\",\"content\":\"x\"}],\"temperature\":\"hot\","
                    + "\"top_k\":1.5,\"colour\":1,\"extra\":{\"seed\":1,\"x\":1e400}}"));
    assertThat(code(response, 422)).isEqualTo("validation_failed");
    assertThat(Api.wrongFields(response))
        .containsExactlyInAnyOrder(
            "messages[0].role", "temperature", "top_k", "colour", "extra.seed", "extra.x");
  }

  @Test
  void manyWrongFields_areCountedAndTheFirstHundredListed(Api api) throws Exception {
    HttpResponse<String> response =
        api.send(api.infer(EVENTS, "{\"messages\":[" + "7,".repeat(100_000) + "7]}"));
    assertThat(code(response, 422)).isEqualTo("validation_failed");
    assertThat(Api.wrongFields(response)).hasSize(100).endsWith("messages[99]");
    assertThat(Api.error(response).getString("message")).startsWith("100001 fields are wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "null", "7"})
  void bodyThatIsNoObject_isOneDetail(String body, Api api) throws Exception {
    HttpResponse<String> response = api.send(api.infer(EVENTS, body));
    assertThat(code(response, 422)).isEqualTo("validation_failed");
    assertThat(Api.wrongFields(response)).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "{\"seed\":1e99999999999}"})
  void noJson_isMalformed(String body, Api api) throws Exception {
    assertThat(code(api.send(api.infer(EVENTS, body)), 400)).isEqualTo("malformed_json");
  }

  @Test
  void deepJson_isMalformed(Api api) throws Exception {
    assertThat(code(api.send(api.infer(EVENTS, "[".repeat(100_000))), 400))
        .isEqualTo("malformed_json");
  }

  @ParameterizedTest
  @CsvSource({"abc.DEF_1-9, true", "a b, false", "<x>, false"})
  void requestId_isTheCallersIfItIsSafe(String offered, boolean kept, Api api) throws Exception {
    HttpResponse<String> response =
        api.send(api.request("nothing").header("X-Request-Id", offered));
    String id = header(response, "X-Request-Id");
    assertThat(id.equals(offered)).isEqualTo(kept);
    assertThat(id).matches("[A-Za-z0-9._-]{1,64}");
    assertThat(Api.error(response).getString("code")).isEqualTo("not_found");
  }

  @Test
  void error_hasNoStackTraceAndSecurityHeaders(Api api) throws Exception {
    HttpResponse<String> response = api.send(api.infer(EVENTS, "{"));
    JsonObject error = Api.error(response);
    assertThat(error.toString()).doesNotContain("Exception", "\\tat ");
    assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(response, "Content-Security-Policy")).contains("default-src 'none'");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
  }
}
