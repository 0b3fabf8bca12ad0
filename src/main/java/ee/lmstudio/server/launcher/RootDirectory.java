package ee.lmstudio.server.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory that Payara Micro runs from: what {@code --rootDir} says, or a temporary one of our
 * own. The one that Payara Micro would make itself it deletes while it still stops, so that classes
 * of the application go missing under the last streams.
 *
 * @param own whether it is ours to delete
 */
record RootDirectory(Path path, boolean own) {
  private static final String OPTION = "--rootDir";

  /** The one that the options name, or a new one. */
  static RootDirectory of(List<String> arguments) throws IOException {
    for (int i = 0; i + 1 < arguments.size(); i++) {
      if (arguments.get(i).equalsIgnoreCase(OPTION)) {
        return new RootDirectory(Path.of(arguments.get(i + 1)), false);
      }
    }
    return new RootDirectory(Files.createTempDirectory("lmstudio-ee-"), true);
  }

  /** The options with this directory in them. */
  String[] in(List<String> arguments) {
    Stream<String> option = own ? Stream.of(OPTION, path.toString()) : Stream.of();
    return Stream.concat(option, arguments.stream()).toArray(String[]::new);
  }

  /** Copies what is below {@code from} and not yet here. */
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

  /** Deletes it, if it is ours, with all in it. */
  void delete() {
    if (!own || !Files.exists(path)) {
      return;
    }
    try {
      for (Path entry : walk(path).reversed()) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("lmstudio-ee left " + path + " behind, delete it: " + e);
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
