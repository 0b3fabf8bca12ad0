package ee.lmstudio.launcher;

import fish.payara.micro.boot.PayaraMicroBoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Payara Micro as {@code --outputLauncher} unpacked it, on the class path: starts faster than the
 * one packed jar, and an ahead-of-time cache can cover it.
 */
final class UnpackedServer {

  private UnpackedServer() {}

  /**
   * Boots with a configuration directory of its own: Payara Micro writes to it, and several servers
   * may run from the same unpacked one.
   */
  static PayaraMicroBoot boot(Path unpacked, String[] arguments) throws Exception {
    Path instance = Files.createTempDirectory("lmstudio-ee-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(instance)));
    copy(unpacked.resolve("config"), instance.resolve("config"));
    String[] all =
        Stream.concat(Stream.of("--rootDir", instance.toString()), Stream.of(arguments))
            .toArray(String[]::new);
    return (PayaraMicroBoot)
        Class.forName("fish.payara.micro.impl.PayaraMicroImpl")
            .getMethod("create", String[].class)
            .invoke(null, (Object) all);
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path source : walk(from)) {
      Files.copy(source, to.resolve(from.relativize(source)));
    }
  }

  /**
   * As far as it goes: the server may still be writing. What stays is in the temporary directory.
   */
  private static void delete(Path directory) {
    try {
      for (Path path : walk(directory).reversed()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + directory + ": " + e);
    }
  }

  private static List<Path> walk(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
