package ee.lmstudio.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract over somebody else's HTTP server. */
class WireMockContractTest extends HttpContractTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "/v1/completions";
  private static final int LONGER_THAN_ANY_TEST_MS = 60_000;

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(options().bindAddress("127.0.0.1").dynamicPort())
          .build();

  @BeforeEach
  void stub() {
    answer(any(anyUrl()).atPriority(9), 200, Recorded.text("unknown-route-200.json"));
    answer(
        get(urlPathEqualTo("/v1/models")),
        200,
        """
        {"data":[{"id":"mock","owned_by":"us"},{"id":"mocks-embed","owned_by":"them"}]}
        """);
    answer(get("/api/v0/models"), 200, Recorded.text("v0-models-0.4.24.json"));
    answer(post("/v1/audio/transcriptions"), 200, "{\"text\":\"Guten Morgen\"}");
    answer(post("/v1/audio/translations"), 200, "{\"text\":\"Good morning\"}");
    answer(post("/v1/images/generations"), 200, "{\"data\":[{\"b64_json\":\"AQID\"}]}");
    SERVER.stubFor(
        post("/v1/audio/speech")
            .willReturn(
                aResponse().withHeader("Content-Type", "audio/wav").withBody(new byte[] {1, 2})));
    answer(post("/v1/embeddings"), 200, Chunks.vectors("mocks-embed"));
    stream(post(CHAT), "Hello", " from", " WireMock");
    answer(asked(CHAT, "$.stream", "false"), 200, Chunks.whole("Hello from WireMock"));
    answer(
        asked(CHAT, "$.model", "no-such-model"),
        400,
        Recorded.body("err-400-model_not_found-chat.http.txt"));
    SERVER.stubFor(
        post(TEXT)
            .willReturn(
                events(
                    "data: {\"choices\":[{\"index\":0,\"text\":\" there was\","
                        + "\"finish_reason\":null}]}\n\n"
                        + Chunks.end())));
  }

  private static MappingBuilder asked(String path, String field, String value) {
    return post(path).atPriority(1).withRequestBody(matchingJsonPath(field, equalTo(value)));
  }

  private static void answer(MappingBuilder request, int status, String json) {
    SERVER.stubFor(
        request.willReturn(
            aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(json)));
  }

  private static void stream(MappingBuilder request, String... pieces) {
    StringBuilder stream = new StringBuilder();
    for (String piece : pieces) {
      stream.append(Chunks.text(piece));
    }
    SERVER.stubFor(request.willReturn(events(stream + Chunks.end())));
  }

  private static ResponseDefinitionBuilder events(String stream) {
    return aResponse().withHeader("Content-Type", "text/event-stream").withBody(stream);
  }

  @Override
  String url() {
    return SERVER.baseUrl();
  }

  @Override
  String model() {
    return "mock";
  }

  @Override
  String embeddingModel() {
    return "mocks-embed";
  }

  @Override
  void willStall() {
    SERVER.stubFor(
        post(CHAT)
            .atPriority(1)
            .willReturn(events(Chunks.end()).withFixedDelay(LONGER_THAN_ANY_TEST_MS)));
  }

  @Override
  void willRefuseToken() {
    answer(post(CHAT).atPriority(1), 401, Recorded.text("err-401-api-token-required.json"));
  }
}
