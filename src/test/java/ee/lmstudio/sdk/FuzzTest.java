package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What reads bytes of somebody else holds its promise for any bytes. The seeds run in every build;
 * {@code -Pthorough} lets Jazzer look for more, {@code -Dfuzz.seconds} for each target. What it
 * finds is put among the seeds, and so stays tested.
 */
class FuzzTest {
  private static final Path SEEDS = Path.of("src/test/resources/fuzz");
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 60);
  private static final int START_S = 60;

  enum Target {
    EVENT_STREAM("internal.sse.EventStreamTarget"),
    CHUNK("internal.negotiation.ChunkTarget"),
    ERROR_BODY("internal.http.ErrorBodyTarget"),
    MODEL("internal.listing.ModelTarget");

    private final String type;

    Target(String type) {
      this.type = "ee.lmstudio.sdk." + type;
    }

    Path seeds() {
      return SEEDS.resolve(name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    MethodHandle entry() throws ReflectiveOperationException {
      return MethodHandles.publicLookup()
          .findStatic(
              Class.forName(type),
              "fuzzerTestOneInput",
              MethodType.methodType(void.class, byte[].class));
    }
  }

  @ParameterizedTest
  @EnumSource
  void seeds_keepThePromise(Target target) throws Throwable {
    MethodHandle entry = target.entry();
    List<Path> seeds;
    try (Stream<Path> files = Files.list(target.seeds())) {
      seeds = files.sorted().toList();
    }
    assertThat(seeds).hasSizeGreaterThan(4);
    for (Path seed : seeds) {
      byte[] whole = Files.readAllBytes(seed);
      for (int length = 0; length <= whole.length; length += 1 + whole.length / 200) {
        entry.invoke(java.util.Arrays.copyOf(whole, length));
      }
      entry.invoke(whole);
    }
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void jazzer_findsNothing(Target target) throws Exception {
    Path found = Files.createDirectories(Path.of("target/fuzz", target.name()));
    Path log = found.resolveSibling(target.name() + ".txt");
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type,
                "--instrumentation_includes=ee.lmstudio.sdk.**",
                "--reproducer_path=target/fuzz",
                "-artifact_prefix=" + target.seeds() + "/found-",
                "-max_total_time=" + SECONDS,
                "-max_len=4096",
                "-print_final_stats=1",
                found.toString(),
                target.seeds().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(jazzer.waitFor(SECONDS + START_S, TimeUnit.SECONDS)).as(tail(log)).isTrue();
      assertThat(jazzer.exitValue()).as(tail(log)).isZero();
      assertThat(tail(log)).contains("stat::number_of_executed_units");
    } finally {
      jazzer.destroyForcibly();
    }
  }

  private static String tail(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - 4000));
  }
}
