package ee.lmstudio.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A packed server that is unpacked once for all tests, as {@code bin/serve} does it. A first start
 * stores its classes in an archive of the JVM. Each later start uses the archive, and needs a third
 * of the CPU time of {@code java -jar}. Both stay in {@code target} for the next run.
 */
final class UnpackedServer {
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /**
   * For servers that live for a few tests. They mostly start, and the optimizing compiler would
   * only make that slower.
   */
  static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  private static final Path PARENT = Path.of("target", "unpacked").toAbsolutePath();
  private static final String BRANDING = "branding/glassfish-version.properties";
  private static final Pattern READY = Pattern.compile("is ready on port|ready in [0-9]+");
  private static final int LIMIT_SECONDS = 120;

  private final Path jar;
  private final String mainClass;
  private final List<String> arguments;
  private final Path directory;

  /**
   * Names a server.
   *
   * @param jar where it is packed
   * @param mainClass the class that starts it
   * @param arguments of the first start, besides its port and its directory
   */
  UnpackedServer(Path jar, String mainClass, String... arguments) {
    this.jar = jar.toAbsolutePath();
    this.mainClass = mainClass;
    this.arguments = List.of(arguments);
    try {
      // The archive is only valid for this build of the jar, and for this Java.
      String build = Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
      directory = named().resolve(build + "-" + Runtime.version());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path named() {
    return PARENT.resolve(jar.getFileName().toString());
  }

  /** The jar to start with {@code -jar} and {@link #options}. */
  Path launcher() {
    return directory.resolve("start.jar");
  }

  /** The files that Payara Micro writes to, of which each server needs its own copy. */
  Path configuration() {
    return directory.resolve("config");
  }

  /** The options of the JVM for every start. */
  List<String> options() {
    return List.of("-XX:SharedArchiveFile=" + classes(), unpackDirectory(), bootJar());
  }

  private String unpackDirectory() {
    return "-Dfish.payara.micro.UnpackDir=" + directory;
  }

  private String bootJar() {
    return "-Dfish.payara.micro.BootJar=" + directory.resolve("launch-micro.jar").toUri();
  }

  private Path classes() {
    return directory.resolve("classes.jsa");
  }

  /** Unpacks the server and stores its classes, unless that was done before. */
  synchronized UnpackedServer prepare() {
    if (Files.exists(classes())) {
      return this;
    }
    try {
      delete(named());
      Files.createDirectories(directory);
      unpack();
      storeClasses();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not unpack " + jar + " to " + directory, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while unpacking " + jar, e);
    }
  }

  private void unpack() throws IOException, InterruptedException {
    List<String> command = List.of(JAVA, QUICK_COMPILER, "-jar", jar.toString());
    Path original = directory.resolve("launch-micro.jar");
    List<String> unpack = List.of("--rootDir", directory.toString(), "--outputLauncher");
    run(command, unpack, null, original);
    Path copy = Files.copy(jar, directory.resolve("packed.jar"));
    try (JarFile launcher = new JarFile(original.toFile());
        OutputStream file = Files.newOutputStream(launcher())) {
      Manifest manifest = launcher.getManifest();
      Attributes attributes = manifest.getMainAttributes();
      attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
      attributes.put(
          Attributes.Name.CLASS_PATH,
          original.getFileName()
              + " "
              + attributes.getValue(Attributes.Name.CLASS_PATH)
              + " "
              + copy.getFileName());
      try (JarOutputStream start = new JarOutputStream(file, manifest)) {
        // Arquillian reads Payara's version from this file.
        start.putNextEntry(new ZipEntry("MICRO-INF/domain/" + BRANDING));
        Files.copy(configuration().resolve(BRANDING), start);
        start.closeEntry();
      }
    }
  }

  /** Starts the server and ends it when it is ready. At its end, the JVM stores the classes. */
  private void storeClasses() throws IOException, InterruptedException {
    Path root = directory.resolve("first-start");
    Path stored = root.resolve("classes.jsa");
    copy(configuration(), root.resolve("config"));
    List<String> command =
        List.of(
            JAVA,
            QUICK_COMPILER,
            "-XX:ArchiveClassesAtExit=" + stored,
            unpackDirectory(),
            bootJar(),
            "-jar",
            launcher().toString());
    List<String> all = new ArrayList<>(List.of("--port", "" + Bundle.freePort()));
    all.addAll(List.of("--rootDir", root.toString()));
    all.addAll(arguments);
    run(command, all, READY, stored);
    // Last, since the archive tells that everything is prepared.
    Files.move(stored, classes());
    delete(root);
  }

  /**
   * Runs a command to its end.
   *
   * @param last after a line like this, the process is told to end; null if it ends by itself
   * @param result the file that exists afterwards
   */
  private void run(List<String> command, List<String> arguments, Pattern last, Path result)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("APP_ENV", "local");
    builder.environment().put("LM_STUDIO_SIMULATOR", "true");
    builder.environment().put("LM_STUDIO_LISTEN_ADDRESS", "127.0.0.1");
    builder.environment().put("LM_STUDIO_WARM_UP", "0s");
    builder.environment().put("LM_STUDIO_STORAGE_DIR", directory.resolve("storage").toString());
    Process process = builder.start();
    List<String> output = new ArrayList<>();
    CompletableFuture<Void> limit =
        CompletableFuture.runAsync(
            process.toHandle()::destroyForcibly,
            CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS));
    try (var lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (last != null && last.matcher(line).find()) {
          process.toHandle().destroy(); // Process.destroy would close this reader, too.
        }
      }
      process.waitFor();
    } finally {
      limit.cancel(false);
    }
    if (!Files.exists(result)) {
      throw new IOException(all + " failed:\n" + String.join("\n", output));
    }
  }

  /** Copies a directory with its content. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
