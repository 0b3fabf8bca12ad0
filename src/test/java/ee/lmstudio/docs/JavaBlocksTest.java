package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java blocks of the README and the guides compile, run, and print what they say. Those of the
 * guide to the HTTP API run in {@link HttpApiGuideIT}.
 */
class JavaBlocksTest {
  private static final int MOST_SKIPS = 5;
  private static final Path GUIDE = Path.of("docs/guides/lm-studio-sdk.md");

  @TempDir Path folder;

  @Test
  void everyBlock_isMarked() throws IOException {
    List<JavaBlock> blocks = blocks().toList();
    assertThat(blocks).extracting(JavaBlock::file).contains(Path.of("README.md"));
    assertThat(blocks)
        .as("Write ```java run, or ```java skip REASON")
        .allMatch(block -> block.runs() || !block.reason().isEmpty());
    assertThat(blocks).filteredOn(block -> !block.runs()).hasSizeLessThanOrEqualTo(MOST_SKIPS);
  }

  static Stream<JavaBlock> blocks() throws IOException {
    return JavaBlock.all().stream()
        .filter(block -> !block.isImports())
        .filter(block -> !block.isOfHttpApiGuide());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void block_compilesAndDoesWhatItSays(JavaBlock block) throws Exception {
    SimulatorSettings settings = SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
    try (SocketSimulator server = SocketSimulator.start(settings);
        LmStudio lmStudio = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
      String type = compile(block, server.url().toString());
      if (block.runs()) {
        String printed = run(type, lmStudio);
        assertThat(block.prints()).allSatisfy(text -> assertThat(printed).contains(text));
        assertThat(!server.requests().isEmpty() || block.checksItself())
            .as("It calls LM Studio, prints something that is checked, or asserts something")
            .isTrue();
      }
    }
  }

  private String compile(JavaBlock block, String address) throws IOException {
    String source = block.source(imports(), address);
    Matcher name =
        Pattern.compile("(?m)^(?:public |final )*(?:class|record) (\\w+)").matcher(source);
    assertThat(name.find()).isTrue();
    Path file = folder.resolve(name.group(1) + ".java");
    Files.writeString(file, source);
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                file.toString());
    assertThat(failed).as(source + messages.toString(StandardCharsets.UTF_8)).isZero();
    return name.group(1);
  }

  /** The imports that the guide names before its first block. */
  private static String imports() throws IOException {
    Matcher imports =
        Pattern.compile("```java imports\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDE));
    assertThat(imports.find()).isTrue();
    return imports.group(1);
  }

  private String run(String type, LmStudio lmStudio) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class<?> block = loader.loadClass(type);
      for (Method method : block.getDeclaredMethods()) {
        if (method.getName().equals("run")) {
          method.invoke(null, method.getParameterCount() == 0 ? new Object[0] : args(lmStudio));
        } else if (method.isAnnotationPresent(Test.class)) {
          Constructor<?> constructor = block.getDeclaredConstructor();
          constructor.setAccessible(true);
          method.setAccessible(true);
          method.invoke(constructor.newInstance());
        }
      }
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Object[] args(LmStudio lmStudio) {
    return new Object[] {lmStudio};
  }
}
