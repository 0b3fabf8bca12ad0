package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudioSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Set `audioEnabled(true)` to use it.|Set LM_STUDIO_ENABLE_AUDIO=true to use it.",
        "Set `streamRecovery(RESTART)`.|Set LM_STUDIO_STREAM_RECOVERY=restart.",
        "Raise `firstTokenLimit`, or `idleLimit`.|Raise LM_STUDIO_FIRST_TOKEN_TIMEOUT, or"
            + " LM_STUDIO_IDLE_TIMEOUT.",
        "Allow it: `allowedHosts(List.of(\"localhost\", \"gpu:1234\"))`|Allow it:"
            + " LM_STUDIO_ALLOWED_HOSTS=localhost,gpu:1234",
        "The field `model` is wrong; `other(1)`, apiKey|The field `model` is wrong; `other(1)`,"
            + " apiKey",
      })
  void settingOfTheSdk_isNamedAsTheOperatorSetsIt(String hint, String translated) {
    assertThat(SettingNames.inServerTerms(hint)).isEqualTo(translated);
  }

  @Test
  void name_isASettingOfTheSdk() {
    Set<String> settings =
        Stream.of(LmStudioSettings.Builder.class, CallOptions.Builder.class)
            .flatMap(builder -> Stream.of(builder.getMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(settings).containsAll(SettingNames.BY_SDK_NAME.keySet());
  }

  /** Without this, a hint could name a setting that the server's operator does not have. */
  @Test
  void settingThatAHintNames_hasANameInTheServer() throws IOException {
    Pattern named = Pattern.compile("`([a-z]+[A-Z][A-Za-z]*)(?:`|\\()");
    Set<String> found = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java/ee/lmstudio/sdk"))) {
      sources
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(SettingNamesTest::lines)
          .flatMap(line -> named.matcher(line).results())
          .map((MatchResult match) -> match.group(1))
          .forEach(found::add);
    }
    assertThat(found).hasSizeGreaterThan(3);
    assertThat(SettingNames.BY_SDK_NAME.keySet()).containsAll(found);
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
