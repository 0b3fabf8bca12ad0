package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java compiles as it stands and streams; its test command is what CI runs. */
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void javaOfTheReadme_compilesAndStreams() throws Exception {
    String java = Readme.blocks("java").get(0);
    try (SocketSimulator lmStudio = SocketSimulator.start(SimulatorSettings.defaults())) {
      String printed = run(java.replace("http://127.0.0.1:1234", lmStudio.url().toString()));
      assertThat(printed).contains("Why is the sky blue").hasSizeGreaterThan(200);
      assertThat(lmStudio.generationsPosted()).isEqualTo(1);
    }
  }

  private String run(String java) throws Exception {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        """
        import ee.lmstudio.sdk.*;
        import ee.lmstudio.sdk.model.*;

        public class Example {
          public static void run() {
            %s
          }
        }
        """
            .formatted(java));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, "-d", folder.toString(), source.toString());
    assertThat(failed).as(messages.toString(StandardCharsets.UTF_8)).isZero();

    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader.loadClass("Example").getMethod("run").invoke(null);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void testCommandOfTheReadme_isWhatCiRuns() {
    List<String> commands = Readme.blocks("sh");
    assertThat(commands).contains("mvn verify", "mvn -q -Pdemo");
    assertThat(Readme.read(Path.of(".ci/run"))).endsWith("\nmvn verify\n");
  }

  @Test
  void linksOfTheReadme_leadToFiles() {
    assertThat(Readme.read(Path.of("README.md")).lines().flatMap(ReadmeTest::links))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(Path.of(link)).exists());
  }

  private static java.util.stream.Stream<String> links(String line) {
    return java.util.regex.Pattern.compile("]\\(([^):]+)\\)")
        .matcher(line)
        .results()
        .map(found -> found.group(1));
  }
}
