package ee.lmstudio.server.launcher;

import fish.payara.micro.boot.PayaraMicroBoot;
import fish.payara.micro.boot.PayaraMicroLauncher;
import fish.payara.micro.data.InstanceDescriptor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts Payara Micro with the WAR in it, and ends the process with 1 if the WAR does not come up;
 * Payara Micro by itself would go on and answer 404. Takes Payara Micro's options.
 *
 * <p>It listens on 127.0.0.1, or on what the system property {@value #LISTEN_ADDRESS} or the
 * environment variable {@value #LISTEN_ADDRESS_VARIABLE} says.
 */
public final class Serve {

  static final String LISTEN_ADDRESS = "lm-studio.listen-address";
  static final String LISTEN_ADDRESS_VARIABLE = "LM_STUDIO_LISTEN_ADDRESS";

  /** Jersey's buffers, 8 KiB by default: every open stream has one, and a token is 300 bytes. */
  private static final String BUFFER_SIZE = "jersey.config.io.bufferSize";

  /**
   * How many threads carry the virtual ones, by default one a core. They move bytes and wait; a
   * seventh of what a token costs is carriers that wake each other. The other cores are for what
   * computes: requests, garbage collection, the compiler, LM Studio itself.
   */
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  /** What the server that is starting runs from; null before and after the start. */
  private static volatile RootDirectory starting;

  private static final class NotDeployedException extends Exception {
    private static final long serialVersionUID = 1;

    NotDeployedException(String message) {
      super(message);
    }
  }

  private Serve() {}

  /**
   * Returns when the server is up; its threads then keep the process alive.
   *
   * @param arguments options of Payara Micro, such as {@code --port 8080}
   */
  public static void main(String[] arguments) {
    requireJava(Runtime.version());
    if (System.getProperty(LISTEN_ADDRESS) == null) {
      String variable = System.getenv(LISTEN_ADDRESS_VARIABLE);
      System.setProperty(LISTEN_ADDRESS, variable == null ? "127.0.0.1" : variable);
    }
    setUnlessSet(BUFFER_SIZE, 2048);
    if (Runtime.version().feature() >= 24) { // Before, a lock can hold a carrier.
      setUnlessSet(CARRIERS, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
    ListenAddress.problem(System.getProperty(LISTEN_ADDRESS), List.of(arguments))
        .ifPresent(problem -> fail(problem, null));
    try {
      start(RootDirectory.of(List.of(arguments)), List.of(arguments));
    } catch (IOException e) {
      fail("no temporary directory can be made", e);
    }
  }

  private static void setUnlessSet(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }

  private static void start(RootDirectory root, List<String> arguments) {
    ServerStop stop = ServerStop.prepare(root);
    starting = root;
    try {
      PayaraMicroBoot server = boot(root, root.in(arguments));
      stop.of(server);
      complete(server);
      starting = null;
    } catch (Exception e) {
      if (ServerStop.begun()) {
        return; // Payara Micro's own hook took away what was starting; ours goes on with the end.
      }
      // No hook runs when the process is halted.
      root.delete();
      boolean ours = e instanceof NotDeployedException;
      fail(ours ? e.getMessage() : "Payara Micro did not start", ours ? null : e);
    }
  }

  /**
   * Boots from the one packed jar, or, when {@code bin/serve} has unpacked it, from the class path:
   * that starts faster, and an ahead-of-time cache can cover it.
   */
  private static PayaraMicroBoot boot(RootDirectory root, String[] arguments) throws Exception {
    String unpacked = System.getProperty("fish.payara.micro.UnpackDir");
    if (unpacked == null) {
      return PayaraMicroLauncher.create(arguments);
    }
    // Payara Micro writes to it, and several servers may run from the same unpacked one.
    root.addMissing(Path.of(unpacked, "config"), "config");
    return (PayaraMicroBoot)
        Class.forName("fish.payara.micro.impl.PayaraMicroImpl")
            .getMethod("create", String[].class)
            .invoke(null, (Object) arguments);
  }

  private static void complete(PayaraMicroBoot server)
      throws NotDeployedException, ReflectiveOperationException {
    InstanceDescriptor instance;
    try {
      instance = server.getRuntime().getLocalDescriptor();
    } catch (IllegalStateException e) {
      return; // An option such as --help or --outputLauncher, which starts no server.
    }
    // Not getDeployedApplicationNames: that counts what failed, too.
    if (instance.getDeployedApplications().isEmpty()) {
      throw new NotDeployedException(
          "the application could not be deployed. The log above names the cause.");
    }
    PathCheck.install(server.getClass().getClassLoader());
    System.out.println("lmstudio-ee is ready on port " + instance.getHttpPorts());
  }

  /**
   * Ends the process if it is starting the server; otherwise has no effect. The application calls
   * this by reflection when its settings are wrong, so that the reason is not followed by the stack
   * traces of a failed deployment.
   *
   * @param reason the last thing that is printed
   */
  public static void startFailed(String reason) {
    RootDirectory root = starting;
    if (root != null) {
      for (Handler handler : Logger.getLogger("").getHandlers()) {
        handler.setLevel(Level.OFF); // Other threads still log.
      }
      // No hook runs when the process is halted.
      root.delete();
      fail(reason, null);
    }
  }

  /** JDKs before 21.0.6, and 22, cannot read JSON into records that copy their lists. */
  private static void requireJava(Runtime.Version version) {
    if (version.compareTo(Runtime.Version.parse("21.0.6")) < 0 || version.feature() == 22) {
      fail("Java is " + version + ", needed is 21.0.6 or later, and not 22", null);
    }
  }

  /** Halts: a server that is half up may not get through its shutdown hooks. */
  private static void fail(String reason, Exception cause) {
    if (cause != null) {
      cause.printStackTrace();
    }
    // Not System.err, which Payara may have replaced by its log.
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    err.println("lmstudio-ee did not start: " + reason);
    Runtime.getRuntime().halt(1);
  }
}
