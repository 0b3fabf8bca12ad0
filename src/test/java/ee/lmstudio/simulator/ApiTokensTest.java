package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTokensTest {
  private static final String TOKEN = "sk-lm-abcdefgh:ABCDEFGHIJ0123456789";

  private static Asking secured() {
    return new Asking(SimulatorSettings.defaults().withApiTokens(TOKEN));
  }

  private static String message(SimulatorReply reply) {
    return Asking.json(reply).getJsonObject("error").getString("message");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/models",
    "GET, /api/v0/models",
    "GET, /api/v1/models",
    "POST, /v1/chat/completions",
    "POST, /v1/messages",
    "GET, /nowhere"
  })
  void requestWithoutAToken_isRefusedAsRecorded(String method, String path) throws IOException {
    SimulatorReply reply = secured().at(Asking.NOW, method, path, "");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(Asking.body(reply)).isEqualTo(Recordings.text("err-401-api-token-required.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "lm-studio, Malformed LM Studio API token provided: lm-studio",
    "sk-bogus-Extended, Malformed LM Studio API token provided: sk-bogus-E*******",
    "sk-lm-12345678:12345678901234567890,"
        + " Invalid LM Studio API token provided: sk-lm-1234*************************"
  })
  void wrongToken_isShownInPart(String token, String message) {
    SimulatorReply reply = secured().header("Authorization", "Bearer " + token).get("/v1/models");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(message(reply)).isEqualTo(message);
  }

  @Test
  void rightToken_isAcceptedAsBearer() {
    assertThat(secured().header("authorization", "bearer " + TOKEN).get("/v1/models").status())
        .isEqualTo(200);
  }

  @Test
  void apiKeyHeader_isAcceptedForMessagesOnly() {
    Asking asking = secured().header("x-api-key", TOKEN);
    String body = Asking.chatBody("hi", "");
    assertThat(asking.post("/v1/messages", body).status()).isEqualTo(200);
    assertThat(asking.post("/v1/chat/completions", body).status()).isEqualTo(401);
  }

  @Test
  void greeting_needsNoToken() {
    assertThat(secured().get("/lmstudio-greeting").status()).isEqualTo(200);
  }

  @Test
  void versionBefore04_knowsNoTokens() {
    SimulatorSettings older =
        SimulatorSettings.defaults()
            .withVersion(SimulatedVersion.parse("0.3.x"))
            .withApiTokens(TOKEN);
    assertThat(new Asking(older).get("/v1/models").status()).isEqualTo(200);
  }
}
