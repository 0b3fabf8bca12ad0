package ee.lmstudio.server.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory that Payara Micro runs from: the value of {@code --rootDir}, or a temporary one
 * that we create. Payara Micro would create one as well, but it deletes that while it is still
 * stopping, so that the last streams could not load classes of the application.
 *
 * @param own whether we created the directory and delete it
 */
record RootDirectory(Path path, boolean own) {
  private static final String OPTION = "--rootDir";

  /** Returns the directory that the options name, or creates one. */
  static RootDirectory of(List<String> arguments) throws IOException {
    Optional<String> chosen = Options.value(arguments, OPTION);
    if (chosen.isPresent()) {
      return new RootDirectory(Path.of(chosen.get()), false);
    }
    return new RootDirectory(Files.createTempDirectory("lmstudio-ee-"), true);
  }

  /** Returns the options including this directory. */
  String[] in(List<String> arguments) {
    Stream<String> option = own ? Stream.of(OPTION, path.toString()) : Stream.of();
    return Stream.concat(option, arguments.stream()).toArray(String[]::new);
  }

  /** Copies the files below {@code from} that do not exist here. */
  void addMissing(Path from, String to) throws IOException {
    Path target = path.resolve(to);
    for (Path source : walk(from)) {
      Path copy = target.resolve(from.relativize(source));
      if (Files.isDirectory(source)) {
        Files.createDirectories(copy);
      } else if (!Files.exists(copy)) {
        Files.copy(source, copy);
      }
    }
  }

  /** Deletes the directory and its content, if we created it. */
  void delete() {
    if (!own || !Files.exists(path)) {
      return;
    }
    try {
      for (Path entry : walk(path).reversed()) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException | RuntimeException e) {
      System.err.println(
          "lmstudio-ee could not delete " + path + ". Delete it by hand. (" + e + ")");
    }
  }

  private static List<Path> walk(Path directory) throws IOException {
    Path[] entries;
    try (Stream<Path> paths = Files.walk(directory)) {
      entries = paths.toArray(Path[]::new);
    }
    Arrays.sort(entries, Comparator.naturalOrder());
    return List.of(entries);
  }
}
