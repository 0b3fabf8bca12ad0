package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.code;
import static ee.lmstudio.http.api.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What surrounds the API: health, the OpenAPI document, methods that ask about others. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class OperationsIT {
  private static HttpRequest.Builder signedIn(Api api, String path) {
    return api.anonymous(path).header("Authorization", "Bearer " + PayaraServer.ALICE);
  }

  @Test
  void health_isOpenAndSaysNoMoreThanTheStatus(Api api) throws Exception {
    HttpResponse<String> response = api.send(api.anonymous("health/ready"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonObject check = Api.json(response.body()).getJsonArray("checks").getJsonObject(0);
    assertThat(check.getString("name")).isEqualTo("lm-studio");
    assertThat(check.getString("status")).isEqualTo("UP");
    assertThat(response.body()).doesNotContain(api.lmStudio().url().getAuthority());
  }

  @Test
  void openApi_isForWhoIsSignedIn(Api api) throws Exception {
    assertThat(code(api.send(api.anonymous("openapi")), 401)).isEqualTo("unauthenticated");
    HttpResponse<String> document = api.send(signedIn(api, "openapi"));
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(document.body()).startsWith("openapi: 3").contains("/api/v1/ai/lmstudio/infer");
  }

  @Test
  void headOfARunningStream_doesNotListen(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall().body(Chunks.end()));
    String id = api.begin(PayaraServer.ALICE, chat("\"model\":\"m\""));
    HttpResponse<String> head =
        api.send(
            api.request("streams/" + id)
                .header("Accept", EVENTS)
                .method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Type")).startsWith(EVENTS);
    api.lmStudio().release();
  }

  @Test
  void options_namesTheMethods(Api api) throws Exception {
    HttpResponse<String> options =
        api.send(api.request("infer").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(200);
    assertThat(header(options, "Allow")).contains("POST");
  }

  @Test
  void compressedBody_isNotTaken(Api api) throws Exception {
    HttpRequest.Builder request =
        api.request("infer")
            .header("Content-Type", Api.JSON)
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofString(chat()));
    assertThat(code(api.send(request), 415)).isEqualTo("unsupported_media_type");
  }
}
