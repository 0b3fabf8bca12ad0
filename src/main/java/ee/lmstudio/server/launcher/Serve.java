package ee.lmstudio.server.launcher;

import fish.payara.micro.boot.PayaraMicroBoot;
import fish.payara.micro.boot.PayaraMicroLauncher;
import fish.payara.micro.boot.loader.Launcher;
import fish.payara.micro.data.InstanceDescriptor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts Payara Micro with the WAR, and ends the process with exit code 1 if the WAR does not
 * deploy. Payara Micro alone would keep running and answer 404. The arguments are Payara Micro's
 * options.
 *
 * <p>The server listens on 127.0.0.1, unless the system property {@value #LISTEN_ADDRESS} or the
 * environment variable {@value #LISTEN_ADDRESS_VARIABLE} names another address.
 */
public final class Serve {

  static final String LISTEN_ADDRESS = "lm-studio.listen-address";
  static final String LISTEN_ADDRESS_VARIABLE = "LM_STUDIO_LISTEN_ADDRESS";

  /**
   * The size of Jersey's buffers, 8 KiB by default. Every open stream has one, and a token has 300
   * bytes.
   */
  private static final String BUFFER_SIZE = "jersey.config.io.bufferSize";

  /** How Payara starts its services: by default on four threads, which can block each other. */
  private static final String STARTUP_THREADS = "org.glassfish.startupThreadPolicy";

  /**
   * The number of carrier threads of virtual threads, by default one for each core. The virtual
   * threads mostly wait and copy bytes. With more carriers, a fifth of a token's CPU time goes into
   * carriers that wake each other. The other cores are left for requests, garbage collection, the
   * compiler, and LM Studio itself.
   */
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  /** Open until the application is ready. */
  private static final CountDownLatch READY = new CountDownLatch(1);

  /** The directory of the server while it starts; null before and after the start. */
  private static volatile RootDirectory starting;

  private static final class NotDeployedException extends Exception {
    private static final long serialVersionUID = 1;

    NotDeployedException(String message) {
      super(message);
    }
  }

  private Serve() {}

  /**
   * Starts the server and returns when it is ready. Its threads then keep the process alive.
   *
   * @param arguments the options of Payara Micro, such as {@code --port 8080}
   */
  public static void main(String[] arguments) {
    requireJava(Runtime.version());
    OutOfMemory.watch();
    if (System.getProperty(LISTEN_ADDRESS) == null) {
      String variable = System.getenv(LISTEN_ADDRESS_VARIABLE);
      System.setProperty(LISTEN_ADDRESS, variable == null ? "127.0.0.1" : variable);
    }
    setUnlessSet(BUFFER_SIZE, "2048");
    setUnlessSet(STARTUP_THREADS, "USE_NO_THREADS");
    if (Runtime.version().feature() >= 24) { // On older JDKs, a lock can block a carrier.
      setUnlessSet(CARRIERS, "" + Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
    ListenAddress.problem(System.getProperty(LISTEN_ADDRESS), List.of(arguments))
        .or(() -> OwnCertificate.problem(List.of(arguments)))
        .or(ConnectionLimits::problem)
        .ifPresent(problem -> fail(problem, null));
    try {
      start(RootDirectory.of(List.of(arguments)), List.of(arguments));
    } catch (IOException e) {
      fail(
          "could not create a temporary directory. Set -Djava.io.tmpdir to a directory that is"
              + " writable.",
          e);
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static void start(RootDirectory root, List<String> arguments) {
    ServerStop stop = ServerStop.prepare(root);
    starting = root;
    Thread limit = StartLimit.begin(StartLimit.LIMIT, Serve::startFailed);
    try {
      PayaraMicroBoot server = boot(root, root.in(arguments));
      stop.of(server);
      complete(server);
      starting = null;
      limit.interrupt();
    } catch (Exception e) {
      if (ServerStop.begun()) {
        return; // Payara Micro's own hook stopped the start; ServerStop ends the process.
      }
      // Halting the process runs no shutdown hook, so the directory is deleted here.
      root.delete();
      boolean ours = e instanceof NotDeployedException;
      fail(ours ? e.getMessage() : "Payara Micro did not start", ours ? null : e);
    }
  }

  /**
   * Boots Payara Micro from the packed jar, or from the class path if {@code bin/serve} has
   * unpacked the jar. The class path starts faster, and an ahead-of-time cache can cover it.
   */
  private static PayaraMicroBoot boot(RootDirectory root, String[] arguments) throws Exception {
    String unpacked = System.getProperty("fish.payara.micro.UnpackDir");
    if (unpacked == null) {
      return PayaraMicroLauncher.create(arguments);
    }
    // PayaraMicroLauncher does the same with the file in the jar.
    try (InputStream properties =
        Files.newInputStream(Path.of(unpacked, "config", "payara-boot.properties"))) {
      Launcher.setPayaraBootProperties(properties);
    }
    // Each server gets its own copy, because Payara Micro writes to these files.
    root.addMissing(Path.of(unpacked, "config"), "config");
    return (PayaraMicroBoot)
        Class.forName("fish.payara.micro.impl.PayaraMicroImpl")
            .getMethod("create", String[].class)
            .invoke(null, (Object) arguments);
  }

  private static void complete(PayaraMicroBoot server)
      throws NotDeployedException, ReflectiveOperationException, InterruptedException {
    InstanceDescriptor instance;
    try {
      instance = server.getRuntime().getLocalDescriptor();
    } catch (IllegalStateException e) {
      return; // An option such as --help or --outputLauncher, which starts no server.
    }
    // getDeployedApplicationNames would include applications whose deployment failed.
    if (instance.getDeployedApplications().isEmpty()) {
      throw new NotDeployedException(
          "the application could not be deployed. The log above shows the cause.");
    }
    ServerLog.watch();
    requireDoor(server.getClass().getClassLoader());
    READY.await(); // StartLimit ends the process if this takes too long.
    List<Integer> tls = instance.getHttpsPorts();
    System.out.println(
        "lmstudio-ee is ready on port "
            + instance.getHttpPorts()
            + (tls.isEmpty() ? "" : " and with TLS on port " + tls));
  }

  /**
   * Fails if the door in front of Payara is not installed. The application has already opened the
   * door, so opening it again changes nothing. The class is loaded by its name, because only
   * Payara's class loader finds it.
   */
  private static void requireDoor(ClassLoader server) throws ReflectiveOperationException {
    server.loadClass("ee.lmstudio.server.door.Door").getMethod("open").invoke(null);
  }

  /** Reports that the application is ready. The application calls this by reflection. */
  public static void applicationReady() {
    READY.countDown();
  }

  /**
   * Ends the process if it is starting the server. Otherwise has no effect. The application calls
   * this by reflection when its settings are invalid, so that the reason is not followed by the
   * stack traces of a failed deployment. {@link StartLimit} calls it when the start takes too long.
   *
   * @param reason the text that is printed last
   */
  public static void startFailed(String reason) {
    RootDirectory root = starting;
    if (root != null) {
      for (Handler handler : Logger.getLogger("").getHandlers()) {
        handler.setLevel(Level.OFF); // Otherwise other threads could log after the reason.
      }
      // Halting the process runs no shutdown hook, so the directory is deleted here.
      root.delete();
      fail(reason, null);
    }
  }

  /** JDKs before 21.0.6 and JDK 22 cannot read JSON into records that copy their lists. */
  private static void requireJava(Runtime.Version version) {
    if (version.compareTo(Runtime.Version.parse("21.0.6")) < 0 || version.feature() == 22) {
      fail("this Java is " + version + ". Use Java 21.0.6 or later, but not 22.", null);
    }
  }

  /** Halts the process, because a partly started server may hang in its shutdown hooks. */
  private static void fail(String reason, Exception cause) {
    if (cause != null) {
      cause.printStackTrace();
    }
    // Payara may have redirected System.err to its log.
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    err.println("lmstudio-ee did not start: " + reason);
    Runtime.getRuntime().halt(1);
  }
}
