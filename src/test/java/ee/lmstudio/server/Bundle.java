package ee.lmstudio.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The packaged server as a user starts it: {@code java -jar … --port N}. Tests of anything else
 * than the start use {@link #startQuickly} or {@link #startSmall}, which start the same jar from
 * where it is unpacked.
 */
public final class Bundle implements AutoCloseable {

  /** The jar that {@code mvn package} built. */
  public static final Path JAR = Path.of(System.getProperty("bundle"));

  private static final String READY = "lmstudio-ee is ready";

  private static final UnpackedServer UNPACKED =
      new UnpackedServer(JAR, "ee.lmstudio.server.launcher.Serve");

  private final int port;
  private final Process process;
  private final BufferedReader reader;
  private final List<String> output = new ArrayList<>();

  private Bundle(int port, Process process) {
    this.port = port;
    this.process = process;
    this.reader = process.inputReader();
  }

  /** Starts {@code jar} by {@code java -jar} with these variables; does not wait. */
  public static Bundle start(Path jar, Map<String, String> environment) throws IOException {
    return start(
        List.of(UnpackedServer.JAVA, UnpackedServer.QUICK_COMPILER, "-jar", jar.toString()),
        environment);
  }

  /** Starts {@link #JAR}, unpacked before, with these variables; does not wait. */
  public static Bundle startQuickly(Map<String, String> environment) throws IOException {
    return start(quickCommand(), environment);
  }

  /** Returns the command that {@link #startQuickly} starts, without a port. */
  public static List<String> quickCommand() {
    UNPACKED.prepare();
    List<String> command = new ArrayList<>(List.of(UnpackedServer.JAVA));
    command.add(UnpackedServer.QUICK_COMPILER);
    command.addAll(UNPACKED.options());
    command.addAll(List.of("-jar", UNPACKED.launcher().toString()));
    return command;
  }

  /**
   * Starts {@link #JAR} with the simulator, a heap of 512 MiB, and the callers Alice and Bob, and
   * waits until it is ready.
   */
  public static Bundle startSmall() throws IOException {
    return startSmall(Map.of("LM_STUDIO_SIMULATOR", "true"));
  }

  /** Starts the same server with these variables in place of the simulator. */
  public static Bundle startSmall(Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA_TOOL_OPTIONS", "-Xmx512m");
    all.put("APP_ENV", "local");
    all.put("LM_STUDIO_ACCESS_TOKENS", "alice:" + PayaraServer.ALICE + ",bob:" + PayaraServer.BOB);
    Bundle bundle = startQuickly(all);
    if (!bundle.awaitReady()) {
      throw new AssertionError(String.join("\n", bundle.output()));
    }
    return bundle;
  }

  /** Starts {@code bin/serve} with these variables, which unpacks {@link #JAR}; does not wait. */
  public static Bundle serve(Path cache, Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA_HOME", System.getProperty("java.home"));
    all.put("SERVE_BUNDLE", JAR.toString());
    all.put("SERVE_CACHE", cache.toString());
    return start(List.of("bash", "bin/serve"), all);
  }

  /** Starts {@link #JAR}, unpacked before, with these options of Payara Micro; does not wait. */
  static Bundle startWith(List<String> options, Map<String, String> environment)
      throws IOException {
    return start(Stream.concat(quickCommand().stream(), options.stream()).toList(), environment);
  }

  private static Bundle start(List<String> command, Map<String, String> environment)
      throws IOException {
    int port = freePort();
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("--port", "" + port));
    ProcessBuilder builder = new ProcessBuilder(whole);
    // Servers that run at the same time need storages of their own.
    Path storage = Path.of("target", "storage", "" + port).toAbsolutePath();
    builder.environment().put("LM_STUDIO_STORAGE_DIR", storage.toString());
    builder.environment().put("LM_STUDIO_WARM_UP", "0s"); // A short test cannot win it back.
    builder.environment().putAll(environment);
    return new Bundle(port, builder.redirectErrorStream(true).start());
  }

  /** Waits until the server reports that it is ready. Returns false if its output ends before. */
  public boolean awaitReady() throws IOException {
    return awaitLine(READY);
  }

  /** Waits for a line with this beginning. Returns false if the output ends before. */
  public boolean awaitLine(String beginning) throws IOException {
    return awaitLine(line -> line.startsWith(beginning));
  }

  /** Waits for a line that contains {@code part}. Returns false if the output ends before. */
  public boolean awaitLineWith(String part) throws IOException {
    return awaitLine(line -> line.contains(part));
  }

  private boolean awaitLine(Predicate<String> wanted) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      output.add(line);
      if (wanted.test(line)) {
        return true;
      }
    }
    return false;
  }

  /** Waits for the process to end by itself and returns its exit code. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after its output ended");
    }
    return process.exitValue();
  }

  /** Returns the output that {@link #awaitLine} has read. */
  public List<String> output() {
    return List.copyOf(output);
  }

  /** Sends a signal to the process, such as {@code TERM}. */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("no signal reached process " + process.pid());
    }
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return port;
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + "/" + path);
  }

  /**
   * Ends the process as an operator does, so that it leaves nothing behind; by force if it hangs.
   */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("still running 30 s after SIGTERM; ended by force");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns a port of 127.0.0.1 that is free now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
