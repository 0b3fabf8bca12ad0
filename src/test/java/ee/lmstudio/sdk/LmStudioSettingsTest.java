package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings.Builder;
import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LmStudioSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:1234, http://127.0.0.1:1234",
    "http://127.0.0.1:1234/, http://127.0.0.1:1234",
    "http://127.0.0.1:1234/v1, http://127.0.0.1:1234",
    "http://127.0.0.1:1234/v1//, http://127.0.0.1:1234",
    "https://box/lm/v1/, https://box/lm",
    "http://box/api/v1, http://box/api/v1",
    "http://[::1]:1234/v1, http://[::1]:1234"
  })
  void spellingsOfTheAddress_areOne(URI given, URI base) {
    assertThat(LmStudioSettings.builder().baseUrl(given).build().baseUrl()).isEqualTo(base);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://box",
        "box:1234",
        "http:///v1",
        "http://user:canary @box",
        "not an address?canary",
        "http://box:0",
        "http://box:65536",
        "http://user:canary@box",
        "http://box?canary",
        "http://box#canary"
      })
  void wrongAddress_isRefusedWithoutItsSecrets(String address) {
    assertThatThrownBy(() -> LmStudioSettings.at(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("baseUrl is '")
        .hasMessageNotContaining("canary");
  }

  static Stream<Arguments> wrong() {
    Duration negative = Duration.ofNanos(-1);
    return Stream.of(
        wrong("maxRetries is -1", s -> s.maxRetries(-1)),
        wrong("maxRetries is 11", s -> s.maxRetries(11)),
        wrong("streamRetryPause is PT-0.000000001S", s -> s.streamRetryPause(negative)),
        wrong("extraHeaders has 'a b'", s -> s.extraHeaders(Map.of("a b", "x"))),
        wrong("extraHeaders has 'Host', which", s -> s.extraHeaders(Map.of("Host", "canary"))),
        wrong("extraHeaders 'X' has a char", s -> s.extraHeaders(Map.of("X", "canary\r\nY: z"))),
        wrong("apiKey has a char", s -> s.apiKey(Secret.of("canary\n"))),
        wrong("idle is PT9000H; it must be from zero to 365 days", s -> s.limits(idle(9000))));
  }

  private static Limits idle(int hours) {
    Limits d = Limits.DEFAULTS;
    return new Limits(
        d.connect(), d.call(), d.generation(), d.firstToken(), Duration.ofHours(hours));
  }

  private static Arguments wrong(String message, UnaryOperator<Builder> setting) {
    return Arguments.of(message, setting);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void wrongValue_isNamed(String message, UnaryOperator<Builder> setting) {
    assertThatThrownBy(() -> setting.apply(LmStudioSettings.builder()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("canary");
  }

  @Test
  void toBuilder_keepsEveryValue() {
    LmStudioSettings settings =
        LmStudioSettings.builder()
            .baseUrl(URI.create("https://box:8443"))
            .apiKey(Secret.of("canary-key"))
            .extraHeaders(Map.of("X-Key", "canary-header"))
            .limits(idle(1))
            .maxRetries(10)
            .streamRetryPause(Duration.ZERO)
            .streamRecovery(StreamRecovery.OFF)
            .streamingEnabled(false)
            .verifyTls(false)
            .allowedHosts(List.of("box"))
            .defaultModel("m")
            .defaultEmbeddingModel("e")
            .strictModel(true)
            .audioEnabled(true)
            .imagesEnabled(true)
            .build();
    assertThat(settings.toBuilder().build()).isEqualTo(settings);
    assertThat(settings.toString())
        .contains("https://box:8443", "X-Key", "***")
        .doesNotContain("canary");
    assertThat(LmStudioSettings.defaults().toBuilder().build())
        .isEqualTo(LmStudioSettings.at("http://127.0.0.1:1234"))
        .isNotEqualTo(settings);
  }

  @Test
  void secret_showsNothingAndComparesByValue() {
    Secret secret = Secret.of("canary");
    assertThat(secret).hasToString("***").isEqualTo(Secret.of("canary"));
    assertThat(secret.hashCode()).isEqualTo(Secret.of("canary").hashCode());
    assertThat(secret).isNotEqualTo(Secret.of("other")).isNotEqualTo("canary");
    assertThat(secret.matches("canary")).isTrue();
    assertThat(secret.matches("canar")).isFalse();
    assertThat(secret.matches(null)).isFalse();
    assertThat(secret.reveal()).isEqualTo("canary");
    assertThatThrownBy(() -> Secret.of(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secret.of(null)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Binders such as JSON-B and Jackson take public fields and getters. */
  @Test
  void secret_offersNothingToWhatWritesObjects() {
    assertThat(Secret.class.getFields()).isEmpty();
    assertThat(Secret.class.getMethods())
        .filteredOn(method -> method.getDeclaringClass() == Secret.class)
        .extracting(Method::getName)
        .noneMatch(name -> name.matches("(get|is)[A-Z].*"));
    assertThatThrownBy(
            () ->
                new ObjectOutputStream(OutputStream.nullOutputStream())
                    .writeObject(Secret.of("canary")))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageNotContaining("canary");
  }
}
