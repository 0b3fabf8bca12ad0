package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {
  private static HealthStatus healthOf(String version) {
    SimulatorSettings settings =
        SimulatorSettings.defaults()
            .withVersion(SimulatedVersion.parse(version))
            .withSpeed(Speed.UNLIMITED);
    try (SocketSimulator server = SocketSimulator.start(settings);
        LmStudio sdk = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
      return sdk.healthCheck();
    }
  }

  @ParameterizedTest
  @CsvSource({"0.2.18, false", "0.2.20, false", "0.2.21, true"})
  void serverWithHealthAddress_saysItAll(String version, boolean apiVersion) {
    HealthStatus health = healthOf(version);
    assertThat(health.status()).isEqualTo("ok");
    assertThat(health.lmstudioVersion()).hasValue(version);
    assertThat(health.versionDetectedBy()).isEqualTo(DetectedBy.HEALTH);
    assertThat(health.apiVersion().isPresent()).isEqualTo(apiVersion);
    assertThat(health.modelsLoaded()).hasValue(1);
    assertThat(health.uptime()).hasValueSatisfying(up -> assertThat(up.isNegative()).isFalse());
  }

  @ParameterizedTest
  @CsvSource({"0.3.30, 0.3.6+", "0.4.24, 0.4.0+"})
  void serverWithoutHealthAddress_isWellIfItListsItsModels(String version, String seen) {
    HealthStatus health = healthOf(version);
    assertThat(health.status()).isEqualTo("ok");
    assertThat(health.lmstudioVersion()).hasValue(seen);
    assertThat(health.versionDetectedBy()).isEqualTo(DetectedBy.ENDPOINTS);
    assertThat(health.apiVersion()).isEmpty();
    assertThat(health.modelsLoaded()).hasValue(1);
    assertThat(health.uptime()).isEmpty();
  }

  @Test
  void serverWithoutStates_doesNotSayHowManyAreLoaded() {
    assertThat(healthOf("0.3.0").modelsLoaded()).isEmpty();
  }

  @Test
  void errorThatIsNull_isNone() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.server.enqueue(
          "/health",
          Script.respondWithJson(
              200, "\uFEFF{\"status\":\"ok\",\"lmstudio_version\":\"0.2.21\",\"error\":null}"));
      assertThat(lmStudio.sdk.healthCheck().lmstudioVersion()).hasValue("0.2.21");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.5", "-1", "2147483648", "1e400"})
  void numberOfModelsThatCannotBe_isNotBelieved(String count) {
    JsonObject health = JsonText.readObject("{\"models_loaded\":" + count + "}").orElseThrow();
    assertThat(HealthStatus.of(health).modelsLoaded()).isEmpty();
  }

  @Test
  void oddNumbers_areNotBelieved() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.server.enqueue(
          "/health",
          Script.respondWithJson(
              200, "{\"lmstudio_version\":\"0.2.21\",\"models_loaded\":1.5,\"uptime_ms\":1e400}"));
      HealthStatus health = lmStudio.sdk.healthCheck();
      assertThat(health.status()).isEqualTo("ok");
      assertThat(health.modelsLoaded()).isEmpty();
      assertThat(health.uptime()).isEmpty();
    }
  }

  @Test
  void somethingElseOnThePort_isAProtocolError() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      Script html = Script.respondWith(200, "text/html").body("<html><title>It works!</title>");
      lmStudio.server.enqueue("/health", html);
      lmStudio.server.enqueue("/v1/models", html);
      assertThatThrownBy(lmStudio.sdk::healthCheck)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("It works!")
          .hasMessageNotContaining("<");
    }
  }

  @Test
  void refusedToken_isToldAsThat() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.server.enqueue(
          "/health", Script.respondWithJson(401, Recorded.text("err-401-api-token-required.json")));
      assertThatThrownBy(lmStudio.sdk::healthCheck).isInstanceOf(AuthenticationException.class);
    }
  }

  @Test
  void healthWithoutAVersion_takesTheOneOfItsHeader() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.server.enqueue(
          "/health",
          Script.respondWithJson(200, "{\"status\":\"busy\"}")
              .header("x-lmstudio-version", "0.2.20"));
      HealthStatus health = lmStudio.sdk.healthCheck();
      assertThat(health.status()).isEqualTo("busy");
      assertThat(health.lmstudioVersion()).hasValue("0.2.20");
      assertThat(health.versionDetectedBy()).isEqualTo(DetectedBy.HEADER);

      lmStudio.server.enqueue("/health", Script.respondWithJson(200, "{\"status\":\"ok\"}"));
      assertThat(lmStudio.sdk.healthCheck().lmstudioVersion()).hasValue("0.2.20");
    }
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.server.enqueue("/health", Script.respondWithJson(200, "{\"status\":\"ok\"}"));
      HealthStatus health = lmStudio.sdk.healthCheck();
      assertThat(health.lmstudioVersion()).isEmpty();
      assertThat(health.versionDetectedBy()).isEqualTo(DetectedBy.UNKNOWN);
    }
  }

  @Test
  void health_isWrittenAsItWasRead() {
    JsonObject body =
        JsonText.readObject(
                """
                {"status":"ok","lmstudio_version":"0.2.21","api_version":"v1","models_loaded":2,
                 "uptime_ms":1234,"gpu":"warm"}
                """)
            .orElseThrow();
    assertThat(HealthStatus.of(body).toJson()).isEqualTo(body);
    JsonObject huge = JsonText.readObject("{\"models_loaded\":99999999999}").orElseThrow();
    assertThat(HealthStatus.of(huge).modelsLoaded()).isEmpty();
    assertThat(HealthStatus.of(huge).lmstudioVersion()).isEmpty();
  }
}
