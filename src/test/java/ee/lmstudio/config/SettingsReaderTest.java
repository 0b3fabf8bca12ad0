package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ee.lmstudio.config.InvalidSettingsException.Fault;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  static final URI OWN = URI.create("http://127.0.0.1:8080/app");

  static Settings read(String... pairs) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return SettingsReader.read(
        name -> Optional.ofNullable(values.get(name)), List.copyOf(values.keySet()));
  }

  static List<Fault> faults(String... pairs) {
    InvalidSettingsException refused =
        catchThrowableOfType(InvalidSettingsException.class, () -> read(pairs));
    assertThat(refused).as("refused").isNotNull();
    return refused.faults();
  }

  private static URI baseUrl(String... pairs) {
    return read(pairs).upstream(() -> OWN).baseUrl();
  }

  @Test
  void nothingSet_givesTheDefaults() {
    Settings settings = read();
    assertThat(settings.upstream(() -> OWN)).isEqualTo(LmStudioSettings.defaults());
    ServerSettings server = settings.server();
    assertThat(server.enabled()).isTrue();
    assertThat(server.environment()).isEqualTo(Environment.PRODUCTION);
    assertThat(server.accessTokens()).isEmpty();
    assertThat(server.maxJsonBytes()).isEqualTo(8 * 1024 * 1024);
    assertThat(server.streams())
        .isEqualTo(
            new ServerSettings.Streams(
                2000,
                64,
                Duration.ofSeconds(30),
                0,
                Duration.ofSeconds(60),
                Duration.ZERO,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)));
    assertThat(server.listeners()).isEqualTo(new ServerSettings.Listeners(1000, 2000));
    assertThat(server.readiness()).isEqualTo(Readiness.UPSTREAM);
  }

  @Test
  void everythingSet_isRead() {
    LmStudioSettings sdk =
        read(
                "lm-studio.base-url", "https://gpu.example:8443/v1/",
                "lm-studio.api-key", "sk-1",
                "lm-studio.extra-headers", "{\"X-Team\":\"blue\"}",
                "lm-studio.connect-timeout", "500ms",
                "lm-studio.timeout", "PT3S",
                "lm-studio.generation-timeout", "1h",
                "lm-studio.first-token-timeout", "0s",
                "lm-studio.idle-timeout", "5m",
                "lm-studio.max-retries", "0",
                "lm-studio.stream-recovery", "OFF",
                "lm-studio.enable-streaming", "False",
                "lm-studio.stream-retry-ms", "0",
                "lm-studio.allowed-hosts", "localhost, gpu.example:8443 ,10.0.0.0/8",
                "lm-studio.default-model", "a",
                "lm-studio.default-embedding-model", "e",
                "lm-studio.strict-model", "true",
                "lm-studio.enable-audio", "true",
                "lm-studio.enable-images", "true")
            .upstream(() -> OWN);
    assertThat(sdk)
        .isEqualTo(
            LmStudioSettings.builder()
                .baseUrl(URI.create("https://gpu.example:8443"))
                .apiKey(Secret.of("sk-1"))
                .extraHeaders(Map.of("X-Team", "blue"))
                .limits(
                    new LmStudioSettings.Limits(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(3),
                        Duration.ofHours(1),
                        Duration.ZERO,
                        Duration.ofMinutes(5)))
                .maxRetries(0)
                .streamRecovery(StreamRecovery.OFF)
                .streamingEnabled(false)
                .streamRetryPause(Duration.ZERO)
                .allowedHosts(List.of("localhost", "gpu.example:8443", "10.0.0.0/8"))
                .defaultModel("a")
                .defaultEmbeddingModel("e")
                .strictModel(true)
                .audioEnabled(true)
                .imagesEnabled(true)
                .build());
  }

  @Test
  void accessTokens_areRead() {
    assertThat(read("lm-studio.access-tokens", "ann:t1, bob:t2:admin,").server().accessTokens())
        .containsExactly(
            new AccessToken("ann", Secret.of("t1"), false),
            new AccessToken("bob", Secret.of("t2"), true));
  }

  @Test
  void accessTokenByItsHash_isReadInAnyCase() {
    String hash = "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    List<AccessToken> tokens =
        read("lm-studio.access-tokens", "ann:sha256:%s,bob:t2".formatted(hash))
            .server()
            .accessTokens();
    assertThat(tokens).extracting(AccessToken::admin).containsExactly(false, false);
    assertThat(tokens.get(0).matches("abc")).isTrue();
    assertThat(
            read("lm-studio.access-tokens", "ann:sha256:%s:admin".formatted(hash))
                .server()
                .accessTokens())
        .singleElement()
        .satisfies(token -> assertThat(token.admin()).isTrue());
  }

  @Test
  void accessTokenByItsHash_isNotTakenForAShortOne() {
    String hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(
            read("lm-studio.api-key", "k", "lm-studio.access-tokens", "ann:sha256:" + hash)
                .warnings())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "ann:",
        ":canary",
        "ann:canary:root",
        "ann:canary:admin:x",
        "a b:canary",
        "ann:canary,ann:other",
        "ann:canary,bob:canary",
        "ann:can ary",
        "ann:sha256",
        "ann:sha256:canary",
        "ann:sha256:admin",
        "ann:sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad:root",
        "ann:sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad,bob:abc",
        "\u00e4nn:canary",
      })
  void wrongAccessTokens_areRefusedWithoutTheToken(String value) {
    List<Fault> faults = faults("lm-studio.access-tokens", value);
    assertThat(faults).extracting(Fault::property).containsExactly("lm-studio.access-tokens");
    assertThat(new InvalidSettingsException(faults)).hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "features.lmstudio.enabled, yes",
    "app.env, prod",
    "lm-studio.base-url, gpu.example",
    "lm-studio.base-url, ftp://127.0.0.1",
    "lm-studio.base-url, http://127.1:1234",
    "lm-studio.scheme, ws",
    "lm-studio.host, a/b",
    "lm-studio.host, localhost:99",
    "lm-studio.host, user@localhost",
    "lm-studio.host, 127.1",
    "lm-studio.host, 10.0.0.9",
    "lm-studio.port, 0",
    "lm-studio.port, 65536",
    "lm-studio.timeout, 5",
    "lm-studio.timeout, -1s",
    "lm-studio.timeout, PT-1S",
    "lm-studio.timeout, 169h",
    "lm-studio.timeout, 999999999999h",
    "lm-studio.timeout, 1.5s",
    "lm-studio.max-retries, 11",
    "lm-studio.max-retries, two",
    "lm-studio.stream-recovery, on",
    "lm-studio.stream-retry-ms, 250ms",
    "lm-studio.allowed-hosts, *",
    "lm-studio.allowed-server-names, http://x",
    "lm-studio.listen-address, localhost",
    "lm-studio.listen-address, 10.0.0.0/8",
    "lm-studio.trusted-proxies, proxy.example",
    "lm-studio.max-streams, -1",
    "lm-studio.keep-alive, 0s",
    "lm-studio.readiness, never",
    "lm-studio.max-json-bytes, 8MiB",
  })
  void wrongValue_isNamedWithWhatIsAllowed(String property, String value) {
    assertThat(faults(property, value))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.property()).isEqualTo(property);
              assertThat(fault.value()).isEqualTo(value);
              assertThat(fault.allowed()).isNotBlank().doesNotContain("null");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "[\"canary\"]",
        "{\"a\":1}",
        "{\"Host\":\"canary\"}",
        "{\"a b\":\"canary\"}",
        "{\"a\":\"canary\\r\\nb: c\"}",
        "{\"a\":\"canary\\tb\"}",
        "{\"a\":\"canary\"",
      })
  void wrongHeaders_areRefusedWithoutTheirValue(String value) {
    List<Fault> faults = faults("lm-studio.extra-headers", value);
    assertThat(faults.toString()).contains("a JSON object").doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:canary@127.0.0.1:1234", "http://canary@/", "http://u:can/canary@127.0.0.1",
        "http://127.0.0.1?key=canary", "http://u: canary@127.0.0.1", "http://127.0.0.1#canary",
      })
  void passwordInTheAddress_isRefusedAndMasked(String value) {
    List<Fault> faults = faults("lm-studio.base-url", value);
    assertThat(faults).singleElement().extracting(Fault::property).isEqualTo("lm-studio.base-url");
    assertThat(faults.toString()).doesNotContain("canary");
  }

  @Test
  void severalFaults_areToldAtOnce() {
    assertThat(
            faults(
                "lm-studio.timeout", "5",
                "lm-studio.max-retries", "11",
                "lm-studio.base-url", "http://10.0.0.9:1234",
                "lm-studio.verify-tls", "false"))
        .extracting(Fault::property)
        .containsExactlyInAnyOrder(
            "lm-studio.timeout",
            "lm-studio.max-retries",
            "lm-studio.base-url",
            "lm-studio.verify-tls");
  }

  @Test
  void addressOutsideTheAllowList_isRefusedWithTheLine() {
    assertThat(faults("lm-studio.base-url", "http://10.0.0.9:1234"))
        .singleElement()
        .extracting(Fault::allowed)
        .asString()
        .contains("LM_STUDIO_ALLOWED_HOSTS=localhost,127.0.0.1,::1,10.0.0.9:1234");
  }

  @Test
  void parts_makeUpTheAddress() {
    assertThat(baseUrl("lm-studio.scheme", "https", "lm-studio.port", "99"))
        .hasToString("https://127.0.0.1:99");
    assertThat(baseUrl("lm-studio.host", "::1")).hasToString("http://[::1]:1234");
    assertThat(baseUrl("lm-studio.base-url", "http://localhost:1", "lm-studio.port", "2"))
        .hasToString("http://localhost:1");
  }

  @Test
  void simulator_isUsedUnlessAnAddressIsSet() {
    String[] local = {"app.env", "local", "lm-studio.simulator", "true"};
    assertThat(baseUrl(local)).hasToString("http://127.0.0.1:8080/app/simulator");
    assertThat(baseUrl(local[0], local[1], local[2], local[3], "lm-studio.port", "1234"))
        .hasToString("http://127.0.0.1:1234");
    assertThat(baseUrl("app.env", "local")).hasToString("http://127.0.0.1:1234");
  }

  @Test
  void simulator_isAllowedWhateverTheAllowList() {
    LmStudioSettings sdk =
        read(
                "app.env", "local",
                "lm-studio.simulator", "true",
                "lm-studio.allowed-hosts", "gpu.example")
            .upstream(() -> OWN);
    assertThat(sdk.allowedHosts()).containsExactly("gpu.example", "127.0.0.1:8080");
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "production"})
  void outsideLocal_simulatorAndUnverifiedTlsAreRefused(String env) {
    assertThat(
            faults("app.env", env, "lm-studio.simulator", "true", "lm-studio.verify-tls", "false"))
        .extracting(Fault::property)
        .containsExactlyInAnyOrder("lm-studio.simulator", "lm-studio.verify-tls");
  }

  @Test
  void local_allowsUnverifiedTlsAndNeedsNoKey() {
    Settings settings = read("app.env", "local", "lm-studio.verify-tls", "false");
    assertThat(settings.upstream().verifyTls()).isFalse();
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void outsideLocal_warnsOfMissingKeyAndTokens() {
    assertThat(read().warnings())
        .anyMatch(text -> text.contains("LM_STUDIO_API_KEY"))
        .anyMatch(text -> text.contains("LM_STUDIO_ACCESS_TOKENS"));
    assertThat(read("lm-studio.api-key", "k", "lm-studio.access-tokens", "ann:short").warnings())
        .singleElement()
        .asString()
        .contains("'ann'")
        .doesNotContain("short");
  }

  @ParameterizedTest
  @CsvSource({
    "lm-studio.time-out, lm-studio.timeout",
    "LM_STUDIO_BASEURL, LM_STUDIO_BASE_URL",
    "features.lmstudio.enable, features.lmstudio.enabled",
  })
  void unknownKey_isReportedWithTheNearest(String unknown, String meant) {
    assertThat(read(unknown, "1").warnings())
        .contains("Unknown setting " + unknown + ". Did you mean " + meant + "?");
  }

  @Test
  void unknownKey_farFromAnyIsReportedAlone() {
    assertThat(read("lm-studio.zzzzzzzzzzzzzzz", "1").warnings())
        .contains("Unknown setting lm-studio.zzzzzzzzzzzzzzz");
    assertThat(read("lm-studio.timeout", "1s", "other.key", "1").warnings())
        .noneMatch(text -> text.startsWith("Unknown"));
  }

  @Test
  void expressionThatLeadsNowhere_isAFault() {
    InvalidSettingsException refused =
        catchThrowableOfType(
            InvalidSettingsException.class,
            () ->
                SettingsReader.read(
                    name -> {
                      if (name.equals("lm-studio.api-key")) {
                        throw new IllegalStateException("canary");
                      }
                      return Optional.empty();
                    },
                    List.of()));
    assertThat(refused).hasMessageContaining("lm-studio.api-key").hasMessageNotContaining("canary");
  }

  @Test
  void settings_printWithoutSecrets() {
    Settings settings =
        read("lm-studio.api-key", "canary1", "lm-studio.access-tokens", "ann:canary2");
    assertThat(settings.toString()).contains("ann").doesNotContain("canary");
  }

  @Test
  void environment_isReadByTheNamesOfMicroProfileConfig() {
    Settings settings =
        Settings.ofEnvironment(
            Map.of("LM_STUDIO_PORT", "4321", "LM_STUDIO_HOST", "localhost"),
            Map.of("lm-studio.host", "127.0.0.1"));
    assertThat(settings.upstream().baseUrl()).isEqualTo(URI.create("http://127.0.0.1:4321"));
  }
}
