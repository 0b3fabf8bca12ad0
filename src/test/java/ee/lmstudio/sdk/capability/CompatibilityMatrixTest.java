package ee.lmstudio.sdk.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.capability.CompatibilityMatrix.Level;
import ee.lmstudio.sdk.capability.CompatibilityMatrix.Row;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompatibilityMatrixTest {
  private static Row row(String version) {
    return CompatibilityMatrix.row(ServerVersion.parse(version));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5.0, 0.4.0 and later, PRIMARY",
    "0.4.24+1, 0.4.0 and later, PRIMARY",
    "0.4.0+, 0.4.0 and later, PRIMARY",
    "0.3.39, 0.3.6 – 0.3.x, PRIMARY",
    "0.3.6+, 0.3.6 – 0.3.x, PRIMARY",
    "0.3.5, 0.3.0 – 0.3.5, SECONDARY",
    "0.2.31, 0.2.21 – 0.2.x, PRIMARY",
    "0.2.21, 0.2.21 – 0.2.x, PRIMARY",
    "0.2.20, 0.2.20, SECONDARY",
    "0.2.19, 0.2.18 – 0.2.19, LIMITED",
    "0.2.18, 0.2.18 – 0.2.19, LIMITED",
    "0.2.17, older, REFUSED",
    "0.1.99, older, REFUSED",
    "who knows, unknown, UNKNOWN"
  })
  void version_isInItsRow(String version, String versions, Level level) {
    assertThat(row(version).versions()).isEqualTo(versions);
    assertThat(row(version).level()).isEqualTo(level);
  }

  /** The rules of product.md, section 4, in words of their own. */
  @ParameterizedTest
  @CsvSource({
    "STREAMING, 0.2.18",
    "CHAT, 0.2.18",
    "COMPLETIONS, 0.2.18",
    "EMBEDDINGS, 0.2.18",
    "TRANSCRIPTION, 0.2.20",
    "TRANSLATION, 0.2.20",
    "SPEECH, 0.2.20",
    "IMAGES, 0.2.21",
    "MODEL_STATE, 0.3.6",
    "REAL_STATS, 0.3.6",
    "NATIVE_MODEL_LIST, 0.4.0",
    "MODEL_LOAD, 0.4.0",
    "MODEL_UNLOAD, 0.4.0",
    "MODEL_DOWNLOAD, 0.4.0",
    "API_TOKENS, 0.4.0"
  })
  void capability_isThereFromItsVersionOn(Capability capability, String version) {
    ServerVersion first = ServerVersion.parse(version).orElseThrow();
    assertThat(CompatibilityMatrix.firstWith(capability)).isEqualTo(first);
    assertThat(row(version).support(capability)).isEqualTo(Support.YES);
    CompatibilityMatrix.rows().stream()
        .filter(row -> row.since().isPresent() && row.since().get().reaches(first))
        .forEach(row -> assertThat(row.support(capability)).isNotEqualTo(Support.NO));
    CompatibilityMatrix.rows().stream()
        .filter(row -> row.since().isPresent() && !row.since().get().reaches(first))
        .forEach(row -> assertThat(row.support(capability)).isEqualTo(Support.NO));
  }

  @ParameterizedTest
  @EnumSource
  void everyCapability_isSomewhereAndHasATitle(Capability capability) {
    assertThat(CompatibilityMatrix.versionsWith(capability)).isNotEmpty();
    assertThat(capability.title()).isNotBlank();
    assertThat(capability.onTheWire()).isNotBlank();
    assertThat(row("?").support(capability)).isEqualTo(Support.UNKNOWN);
    assertThat(row("0.2.17").support(capability)).isEqualTo(Support.NO);
  }

  @Test
  void whatIsAlwaysThere_isThereInEveryRowThatIsNotRefused() {
    EnumSet<Capability> everywhere = EnumSet.allOf(Capability.class);
    CompatibilityMatrix.rows().stream()
        .filter(row -> row.level() != Level.REFUSED && row.level() != Level.UNKNOWN)
        .forEach(row -> everywhere.retainAll(row.has()));
    assertThat(everywhere).isEqualTo(CompatibilityMatrix.ALWAYS);
  }

  @Test
  void rows_fallFromNewToOld() {
    List<ServerVersion> since =
        CompatibilityMatrix.rows().stream().flatMap(row -> row.since().stream()).toList();
    assertThat(since).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    assertThat(CompatibilityMatrix.versionsWith(Capability.SPEECH))
        .containsExactly("0.2.21 – 0.2.x", "0.2.20");
  }

  @Test
  void whatACallHasShown_isStrongerThanTheTable() {
    ServerCapabilities known =
        new ServerCapabilities(
            ServerVersion.parse("0.4.24+1"),
            DetectedBy.HEADER,
            Map.of(Capability.SPEECH, Support.NO),
            Instant.EPOCH);
    assertThat(known.support(Capability.SPEECH)).isEqualTo(Support.NO);
    assertThat(known.support(Capability.IMAGES)).isEqualTo(Support.UNKNOWN);
    assertThat(known.has(Capability.CHAT)).isTrue();
    assertThat(known.has(Capability.IMAGES)).isFalse();
    assertThat(known.all()).hasSize(Capability.values().length);
    assertThat(known.toJson().toString())
        .startsWith(
            "{\"version\":\"0.4.24+1\",\"detected_by\":\"header\","
                + "\"detected_at\":\"1970-01-01T00:00:00Z\",\"versions\":\"0.4.0 and later\"")
        .contains("\"speech\":\"no\"", "\"images\":\"unknown\"", "\"model_load\":\"yes\"");
  }

  @Test
  void versionThatNothingTold_isNoVersion() {
    ServerCapabilities unknown =
        new ServerCapabilities(Optional.empty(), DetectedBy.UNKNOWN, Map.of(), Instant.EPOCH);
    assertThat(unknown.row().level()).isEqualTo(Level.UNKNOWN);
    assertThat(unknown.toJson()).doesNotContainKey("version");
    assertThatThrownBy(
            () ->
                new ServerCapabilities(
                    Optional.empty(), DetectedBy.HEALTH, Map.of(), Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(CompatibilityMatrix.rows().stream().map(Row::level).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Level.values());
  }
}
