package ee.lmstudio.docs;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Finds the tests that documents name. */
final class TestNames {
  private static final Path JAVA = Path.of("src/test/java");

  /** The file of each test class, including integration tests. */
  private static final Map<String, Path> CLASSES = files(JAVA, ".*(Test|IT)\\.java");

  /** The files of the browser side's tests. */
  private static final Map<String, Path> SCRIPTS =
      files(Path.of("src/test/js"), Path.of("src/test/browser"));

  private TestNames() {}

  private static Map<String, Path> files(Path... roots) {
    return Stream.of(roots)
        .map(root -> files(root, ".*\\.test\\.js"))
        .flatMap(found -> found.entrySet().stream())
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, Path> files(Path root, String pattern) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().matches(pattern))
          .collect(
              toMap(
                  file -> file.getFileName().toString().replace(".java", ""), Function.identity()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns whether the named test exists and runs.
   *
   * @param name {@code Class.method} of a Java test, or {@code file.test.js#title}
   */
  static boolean runs(String name) {
    return name.contains(".test.js#") ? script(name) : java(name);
  }

  private static boolean script(String name) {
    String[] parts = name.split("#");
    Path file = SCRIPTS.get(parts[0]);
    return file != null && Readme.read(file).contains("\nit('" + parts[1] + "'");
  }

  /**
   * Returns whether JUnit runs a method of this name: it is annotated as a test and not disabled.
   */
  private static boolean java(String name) {
    String[] parts = name.split("\\.");
    Path source = CLASSES.get(parts[0]);
    if (source == null) {
      return false;
    }
    String type = JAVA.relativize(source).toString().replace(".java", "").replace('/', '.');
    try {
      Class<?> tests = Class.forName(type, false, TestNames.class.getClassLoader());
      return !tests.isAnnotationPresent(Disabled.class)
          && Arrays.stream(tests.getDeclaredMethods())
              .filter(method -> method.getName().equals(parts[1]))
              .filter(method -> !method.isAnnotationPresent(Disabled.class))
              .anyMatch(method -> AnnotationSupport.isAnnotated(method, Testable.class));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(source + " was not compiled", e);
    }
  }
}
