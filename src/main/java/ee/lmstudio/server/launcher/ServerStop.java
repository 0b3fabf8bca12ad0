package ee.lmstudio.server.launcher;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.boot.PayaraMicroBoot;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Stops the server when the process is told to end (SIGTERM, SIGINT, {@code System.exit}). Payara
 * Micro stops, which lets running streams end; after that its directory is deleted. A start that is
 * still running is interrupted. A second signal has no effect. The exit code is the JVM's: 143
 * after SIGTERM, 130 after SIGINT.
 */
final class ServerStop {
  /** Longer than the longest {@code lm-studio.stop-patience} (60 s) and all that follows it. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** How long to wait for an interrupted start to end. It takes less than a second. */
  private static final Duration TO_LET_GO = Duration.ofSeconds(10);

  /** The name of the thread of Payara Micro's own shutdown hook. */
  private static final String PAYARAS_HOOK = "Payara Micro Shutdown Hook";

  private final RootDirectory root;
  private final Thread starter;
  private volatile PayaraMicroBoot server;

  private ServerStop(RootDirectory root, Thread starter) {
    this.root = root;
    this.starter = starter;
  }

  /** Registers the shutdown hook. It deletes {@code root}, which this thread fills. */
  static ServerStop prepare(RootDirectory root) {
    ServerStop stop = new ServerStop(root, Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(stop::run, "lmstudio-stop"));
    return stop;
  }

  /**
   * Returns whether the process was told to end. The JVM refuses changes to its shutdown hooks from
   * that moment on, even before any hook runs.
   */
  static boolean begun() {
    try {
      // This thread is not a hook, so nothing is removed.
      Runtime.getRuntime().removeShutdownHook(Thread.currentThread());
      return false;
    } catch (IllegalStateException begun) {
      return true;
    }
  }

  /** Makes the hook stop {@code started} before it deletes the directory. */
  void of(PayaraMicroBoot started) {
    server = started;
  }

  private void run() {
    Thread limit = new Thread(ServerStop::endByForce, "lmstudio-stop-limit");
    limit.setDaemon(true);
    limit.start();
    // Payara prints a line for its developers while it stops. The log is written to System.err.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      stopServer();
    } catch (InterruptedException e) {
      System.err.println("lmstudio-ee was interrupted while it stopped");
    } catch (BootstrapException | RuntimeException e) {
      System.err.println("lmstudio-ee could not stop Payara Micro: " + e);
    }
    root.delete();
  }

  /**
   * Stops the server. The JVM runs all hooks at the same time, also the one of Payara Micro. If
   * ours comes first, the other one waits and finds nothing to do. If ours comes second, Payara
   * Micro reports that nothing runs, and ours waits for the other hook.
   */
  private void stopServer() throws BootstrapException, InterruptedException {
    PayaraMicroBoot running = server;
    if (running == null) {
      awaitPayarasHook(); // The process was told to end while the server starts.
      // Without this, the start would write to the directory while it is deleted.
      starter.interrupt();
      starter.join(TO_LET_GO);
      return;
    }
    try {
      running.shutdown();
    } catch (IllegalStateException stopsAlready) {
      awaitPayarasHook();
    }
  }

  private static void awaitPayarasHook() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(PAYARAS_HOOK)) {
        thread.join(LIMIT);
      }
    }
  }

  private static void endByForce() {
    try {
      Thread.sleep(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    System.err.println("lmstudio-ee did not stop within " + LIMIT.toSeconds() + " s and is halted");
    System.err.flush();
    Runtime.getRuntime().halt(1);
  }
}
