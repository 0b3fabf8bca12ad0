package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/concurrency.md agrees with the source: threads, constants, settings, types. */
class ConcurrencyDocTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final String DOC = Readme.read(Path.of("docs/concurrency.md"));
  private static final String SOURCE = source();

  /** Locks in the simulator are not listed. */
  private static final Pattern LOCK =
      Pattern.compile("\\bsynchronized\\b(?! ?with)|compareAndSet\\(|ReentrantLock");

  private static final String NAME = "lm-?studio-[a-z-]+";

  private static String source() {
    try (Stream<Path> files = Files.walk(MAIN)) {
      List<String> texts =
          files.filter(file -> file.toString().endsWith(".java")).map(Readme::read).toList();
      return String.join("\n", texts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> all(String pattern, String text) {
    Set<String> found = new TreeSet<>();
    Pattern.compile(pattern).matcher(text).results().map(r -> r.group(1)).forEach(found::add);
    return found;
  }

  private static long count(String pattern) {
    return Pattern.compile(pattern).matcher(SOURCE).results().count();
  }

  private static String started() {
    return "(?:\\.name\\(|new Thread\\([^;\"]*)\"(" + NAME + ")\"";
  }

  @Test
  void everyThread_standsInTheTableAndNoOther() {
    assertThat(all(started(), SOURCE))
        .isNotEmpty()
        .isEqualTo(all("(?m)^\\| `(" + NAME + ")` \\|", DOC));
  }

  @Test
  void everyThreadThatIsStarted_hasAName() {
    assertThat(count("Thread\\.of(?:Virtual|Platform)\\(\\)|new Thread\\("))
        .isEqualTo(count(started()));
  }

  @Test
  void everyConstant_exists() throws IOException {
    List<MatchResult> named =
        Pattern.compile("`([A-Z]\\w+)\\.([A-Z][A-Z_]+)`").matcher(DOC).results().toList();
    assertThat(named).hasSizeGreaterThan(30);
    for (MatchResult constant : named) {
      assertThat(Readme.read(file(constant.group(1))))
          .as(constant.group())
          .containsPattern("static final \\w+ " + constant.group(2) + " =");
    }
  }

  @Test
  void everyMethod_exists() throws IOException {
    List<MatchResult> named =
        Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`").matcher(DOC).results().toList();
    assertThat(named).hasSizeGreaterThan(10);
    for (MatchResult method : named) {
      if (!method.group(1).equals("System")) {
        assertThat(Readme.read(file(method.group(1))))
            .as(method.group())
            .containsPattern("\\b" + method.group(2) + "\\(");
      }
    }
  }

  @Test
  void everyLock_standsInTheTable() throws IOException {
    String table = DOC.substring(DOC.indexOf("## Locks"), DOC.indexOf("## Waits"));
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        String text = Readme.read(file);
        boolean locks = LOCK.matcher(text).find() && !isSimulator(file);
        if (locks && !table.contains("`" + name + "`")) {
          missing.add(name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everySetting_isInTheReference() {
    String reference = Readme.read(Path.of("docs/reference/configuration.md"));
    Set<String> settings = all("`(lm-studio\\.[a-z-]+)`", DOC);
    assertThat(settings).isNotEmpty().allSatisfy(key -> assertThat(reference).contains("`" + key));
  }

  private static boolean isSimulator(Path file) {
    return file.startsWith(MAIN.resolve("ee/lmstudio/simulator"));
  }

  private static Path file(String type) throws IOException {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files
          .filter(path -> path.getFileName().toString().equals(type + ".java"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no type " + type));
    }
  }
}
