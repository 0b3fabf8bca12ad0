package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorRoutesTest {

  private static boolean isUnexpected(SimulatorReply reply) {
    return reply.status() == 200
        && Asking.body(reply).startsWith("{\"error\":\"Unexpected endpoint");
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.17, true, false, false",
    "0.2.18, true, false, false",
    "0.2.20, true, false, false",
    "0.2.21, true, false, false",
    "0.3.5, false, false, false",
    "0.3.6, false, true, false",
    "0.3.x, false, true, false",
    "0.4.0, false, true, true",
    "0.4.x, false, true, true"
  })
  void eachVersion_hasItsRoutes(String version, boolean health, boolean v0, boolean v1) {
    Asking asking = Asking.version(version);
    assertThat(isUnexpected(asking.get("/health"))).isEqualTo(!health);
    assertThat(isUnexpected(asking.get("/api/v0/models"))).isEqualTo(!v0);
    assertThat(isUnexpected(asking.get("/api/v0/models/sim-chat"))).isEqualTo(!v0);
    assertThat(isUnexpected(asking.post("/api/v0/embeddings", "{\"input\":\"x\"}"))).isEqualTo(!v0);
    assertThat(isUnexpected(asking.get("/api/v1/models"))).isEqualTo(!v1);
    assertThat(isUnexpected(asking.get("/v1/models"))).isFalse();
    assertThat(isUnexpected(asking.get("/lmstudio-greeting"))).isFalse();
    assertThat(asking.chat("hi", "").status()).isEqualTo(200);
    assertThat(asking.post("/v1/completions", "{\"prompt\":\"x\"}").status()).isEqualTo(200);
    assertThat(asking.get("/v1/models").headers().containsKey("x-lmstudio-version"))
        .isEqualTo(health);
  }

  @Test
  void health_saysVersionAndFromThereOnApiVersion() {
    JsonObject older = Asking.json(Asking.version("0.2.20").get("/health"));
    assertThat(older).doesNotContainKey("api_version");
    JsonObject health = Asking.json(Asking.version("0.2.21").get("/health"));
    assertThat(health.toString())
        .isEqualTo(
            "{\"status\":\"ok\",\"lmstudio_version\":\"0.2.21\",\"api_version\":\"v1\","
                + "\"models_loaded\":1,\"uptime_ms\":60000}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "GET, /v1/chat/completions",
    "POST, /v1//models",
    "GET, /v1//models",
    "PUT, /v1/models",
    "DELETE, /v1/models",
    "POST, /v1/audio/speech",
    "GET, /nowhere?x=1"
  })
  void unknownRoute_is200WithAnError(String method, String target) {
    SimulatorReply reply = Asking.byDefault().at(Asking.NOW, method, target, "");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(Asking.body(reply))
        .isEqualTo(
            "{\"error\":\"Unexpected endpoint or method. (%s %s)\"}"
                .formatted(method, target.replace("?x=1", "")));
  }

  @Test
  void optionsWithoutCors_fallsThroughToThePostHandler() {
    SimulatorReply reply = Asking.byDefault().at(Asking.NOW, "OPTIONS", "/v1/chat/completions", "");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.body(reply)).isEqualTo("{\"error\":\"'messages' field is required\"}");
  }

  @Test
  void v1Models_haveNoCreated() {
    assertThat(
            Asking.json(Asking.byDefault().get("/v1/models"))
                .getJsonArray("data")
                .getJsonObject(0)
                .toString())
        .isEqualTo(
            "{\"id\":\"sim-chat\",\"object\":\"model\",\"owned_by\":\"organization_owner\"}");
  }

  @Test
  void unknownV0Model_is404() {
    assertThat(Asking.byDefault().get("/api/v0/models/none").status()).isEqualTo(404);
  }

  @Test
  void modelThatIsNotLoaded_loadsOnDemandAndSendsNothingBefore() {
    Asking asking = Asking.byDefault();
    assertThat(state(asking, 0)).isEqualTo("not-loaded");
    SimulatorReply reply = asking.chat("hi", ",\"model\":\"sim-slow\",\"stream\":true");
    assertThat(reply.headAt()).isEqualTo(Duration.ofSeconds(8));
    assertThat(reply.frames().get(0).at()).isEqualTo(Duration.ofMillis(8250));
    assertThat(state(asking, 7)).isEqualTo("loading");
    SimulatorReply second =
        asking.at(
            Asking.NOW.plusSeconds(5),
            "POST",
            "/v1/chat/completions",
            Asking.chatBody("hi", ",\"model\":\"sim-slow\""));
    assertThat(second.headAt()).isGreaterThan(Duration.ofSeconds(3));
    assertThat(state(asking, 8)).isEqualTo("loaded");
    JsonObject native1 =
        Asking.json(asking.at(Asking.NOW.plusSeconds(8), "GET", "/api/v1/models", ""));
    assertThat(native1.getJsonArray("models").getJsonObject(2).getJsonArray("loaded_instances"))
        .hasSize(1);
  }

  private static String state(Asking asking, int second) {
    return Asking.json(
            asking.at(Asking.NOW.plusSeconds(second), "GET", "/api/v0/models/sim-slow", ""))
        .getString("state");
  }

  @Test
  void unknownModel_before04_isAnsweredByTheLoadedOne() {
    SimulatorReply reply = Asking.version("0.3.x").chat("hi", ",\"model\":\"not-there\"");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(Asking.json(reply).getString("model")).isEqualTo("sim-chat");
  }

  @Test
  void noModelNamed_isAnsweredByTheLoadedOne() {
    assertThat(Asking.json(Asking.byDefault().chat("hi", "")).getString("model"))
        .isEqualTo("sim-chat");
  }

  @Test
  void nothingLoadedAndNoLoadingOnDemand_is400() {
    SimulatorSettings settings =
        SimulatorSettings.defaults()
            .withModels(SimulatedModel.DEFAULTS.subList(1, 4))
            .withoutLoadingOnDemand();
    for (String model : List.of("", ",\"model\":\"sim-slow\"")) {
      SimulatorReply reply = new Asking(settings).chat("hi", model);
      assertThat(reply.status()).isEqualTo(400);
      JsonObject error = Asking.json(reply).getJsonObject("error");
      assertThat(error.getString("message"))
          .isEqualTo(
              "No models loaded. Please load a model in the developer page or use the 'lms load'"
                  + " command.");
      assertThat(error.isNull("code")).isTrue();
    }
  }

  @Test
  void modelOfTheOtherKind_isRefused() {
    assertThat(Asking.body(Asking.byDefault().chat("hi", ",\"model\":\"text-embedding-sim\"")))
        .contains("Failed to load model \\\"text-embedding-sim\\\". Error: Model is not llm.");
    assertThat(
            Asking.body(
                Asking.byDefault()
                    .post("/v1/embeddings", "{\"model\":\"sim-chat\",\"input\":\"x\"}")))
        .contains("Error: Model is not embedding.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Simulator-Version", "X-Simulator-Seed", "X-Simulator-First-Token-Ms"})
  void simulatorHeaderWithAWrongValue_isRefusedByName(String header) {
    SimulatorReply reply = Asking.byDefault().header(header, "much").get("/v1/models");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.json(reply).getString("error")).contains(header).contains("much");
  }

  @Test
  void simulatorHeaders_chooseVersionAndSpeed() {
    Asking asking =
        Asking.byDefault()
            .header("x-simulator-version", "0.2.21")
            .header("x-simulator-tokens-per-second", "10")
            .header("x-simulator-first-token-ms", "0")
            .wantingText("a b c");
    assertThat(asking.get("/health").headers()).containsEntry("x-lmstudio-version", "0.2.21");
    assertThat(asking.chat("hi", ",\"stream\":true").frames())
        .extracting(Frame::at)
        .startsWith(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200));
    Asking unlimited = Asking.byDefault().header("X-Simulator-Tokens-Per-Second", "-1");
    assertThat(unlimited.get("/v1/models").status()).isEqualTo(400);
  }
}
