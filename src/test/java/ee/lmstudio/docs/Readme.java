package ee.lmstudio.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The code blocks of the README. */
final class Readme {
  private Readme() {}

  /** The blocks in this language, in order. */
  static List<String> blocks(String language) {
    Pattern block = Pattern.compile("```" + language + "[^\\n]*\\n(.*?)```", Pattern.DOTALL);
    return block
        .matcher(read(Path.of("README.md")))
        .results()
        .map((MatchResult found) -> found.group(1).strip())
        .toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
