package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a running server uses, as its JVM and {@code /proc} show it. For Linux.
 *
 * @param heapBytes the bytes of all objects that are reachable
 * @param threads its platform threads
 * @param sockets its open sockets
 * @param files its other open files
 */
public record ServerUsage(long heapBytes, int threads, int sockets, int files) {

  /** Looks at a process; the garbage of its heap is collected before. */
  public static ServerUsage of(long pid) throws IOException, InterruptedException {
    String total =
        histogram(pid).lines().filter(line -> line.startsWith("Total")).findFirst().get();
    int sockets = 0;
    int files = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
          boolean socket = Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
          sockets += socket ? 1 : 0;
          files += socket ? 0 : 1;
        }
      }
    }
    return new ServerUsage(Long.parseLong(total.split(" +")[2]), threads(pid), sockets, files);
  }

  /** Returns how many objects of each class are reachable, and their bytes, as text. */
  public static String histogram(long pid) throws IOException, InterruptedException {
    String text = ask(pid, "GC.class_histogram");
    if (!text.contains("java.lang.String")) {
      throw new AssertionError(text);
    }
    return text;
  }

  /** Returns the system properties of a process, one a line. */
  public static String systemProperties(long pid) throws IOException, InterruptedException {
    return ask(pid, "VM.system_properties");
  }

  private static String ask(long pid, String question) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, "" + pid, question).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new AssertionError(text);
    }
    return text;
  }

  private static int threads(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("Threads:"))
        .mapToInt(line -> Integer.parseInt(line.substring(8).strip()))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the bytes of the heap in MiB. */
  public long heapMiB() {
    return heapBytes >> 20;
  }
}
