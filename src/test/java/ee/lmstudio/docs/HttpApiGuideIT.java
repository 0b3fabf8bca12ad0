package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands and programs of docs/guides/http-api.md run in one shell, in their order, against
 * the packaged server, and print what the guide says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpApiGuideIT {
  private static final int LIMIT_SECONDS = 400;

  /** The exit code of curl after {@code --max-time}. */
  private static final String CUT_OFF = "28";

  /** Below the project, so that Node finds the project's packages. */
  private final Path folder = Path.of("target", "http-api-guide").toAbsolutePath();

  private Bundle server;

  @BeforeAll
  void runGuide() throws Exception {
    Files.createDirectories(folder);
    server = Bundle.startQuickly(environment());
    assertThat(server.awaitReady()).as(String.join("\n", server.output())).isTrue();
    StringBuilder script = new StringBuilder();
    for (GuideBlock block : blocks().toList()) {
      String type = block.language().equals("js") ? "mjs" : block.language();
      Path file = folder.resolve(block.line() + "." + type);
      Files.writeString(file, block.code());
      script
          .append(command(block.language(), file))
          .append(
              " > %1$d.out 2> %1$d.err < /dev/null; echo $? > %1$d.exit\n".formatted(block.line()));
    }
    Path all = Files.writeString(folder.resolve("all.sh"), script);
    Process shell = new ProcessBuilder("bash", all.toString()).directory(folder.toFile()).start();
    boolean ended = shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
    assertThat(ended).as("The guide runs within %d s, see %s", LIMIT_SECONDS, folder).isTrue();
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  /** The callers are those of the guide's first command, and the rest is that of the demo. */
  private static Map<String, String> environment() {
    List<GuideBlock> starts = GuideBlock.all().stream().filter(GuideBlock::startsServer).toList();
    assertThat(starts).hasSize(1);
    Matcher tokens =
        Pattern.compile("export LM_STUDIO_ACCESS_TOKENS=(\\S+)\nmvn -q -Pdemo\n")
            .matcher(starts.getFirst().code());
    assertThat(tokens.matches()).isTrue();
    return Map.of(
        "JAVA_TOOL_OPTIONS",
        "-Xmx512m",
        "APP_ENV",
        "local",
        "LM_STUDIO_SIMULATOR",
        "true",
        "LM_STUDIO_ACCESS_TOKENS",
        tokens.group(1));
  }

  private static String command(String language, Path file) {
    return switch (language) {
      case "sh" -> "source " + file;
      case "js" -> "node " + file;
      case "java" -> java() + " " + file;
      default -> throw new AssertionError(language);
    };
  }

  private static String java() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Path.of(System.getProperty("java.home"), "bin", "java") + " -cp '" + path + "'";
  }

  Stream<GuideBlock> blocks() {
    String address = server.url("").toString().replaceFirst("/$", "");
    boolean node = System.getProperty("skipNode") == null;
    return GuideBlock.all().stream()
        .filter(GuideBlock::runs)
        .filter(block -> node || !block.language().equals("js"))
        .map(block -> block.at(address));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void block_printsWhatTheGuideSays(GuideBlock block) throws IOException {
    String printed = read(block, "out");
    assertThat(block.missingIn(printed)).as("%s%s", printed, read(block, "err")).isEmpty();
    assertThat(read(block, "exit").strip())
        .as(read(block, "err"))
        .isIn(block.code().contains("--max-time") ? List.of("0", CUT_OFF) : List.of("0"));
  }

  private String read(GuideBlock block, String kind) throws IOException {
    return Files.readString(folder.resolve(block.line() + "." + kind));
  }
}
