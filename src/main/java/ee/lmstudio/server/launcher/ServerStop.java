package ee.lmstudio.server.launcher;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.boot.PayaraMicroBoot;
import java.time.Duration;

/**
 * What happens when the process is told to end (SIGTERM, SIGINT, {@code System.exit}): Payara Micro
 * stops, which lets running streams end, and only then its directory is deleted. A second signal
 * changes nothing. A start is broken off. The exit code stays the JVM's: 143 after SIGTERM, 130
 * after SIGINT.
 */
final class ServerStop {
  /** Longer than the longest {@code lm-studio.stop-patience} (60 s) and all that follows it. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** For a start that is broken off to end; it takes less than one. */
  private static final Duration TO_LET_GO = Duration.ofSeconds(10);

  /** Payara Micro names its own hook so. */
  private static final String PAYARAS_HOOK = "Payara Micro Shutdown Hook";

  private final RootDirectory root;
  private final Thread starter;
  private volatile PayaraMicroBoot server;

  private ServerStop(RootDirectory root, Thread starter) {
    this.root = root;
    this.starter = starter;
  }

  /** From now on {@code root}, which this thread fills, is deleted at the end of the process. */
  static ServerStop prepare(RootDirectory root) {
    ServerStop stop = new ServerStop(root, Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(stop::run, "lmstudio-stop"));
    return stop;
  }

  /**
   * Whether the process was told to end. The JVM knows it before any hook runs, ours or Payara's:
   * from then on it lets nobody change them.
   */
  static boolean begun() {
    try {
      // It never was one.
      Runtime.getRuntime().removeShutdownHook(Thread.currentThread());
      return false;
    } catch (IllegalStateException begun) {
      return true;
    }
  }

  /** From now on {@code started} is stopped before. */
  void of(PayaraMicroBoot started) {
    server = started;
  }

  private void run() {
    Thread limit = new Thread(ServerStop::endByForce, "lmstudio-stop-limit");
    limit.setDaemon(true);
    limit.start();
    try {
      stopServer();
    } catch (InterruptedException e) {
      System.err.println("lmstudio-ee was interrupted while it stopped");
    } catch (BootstrapException | RuntimeException e) {
      System.err.println("lmstudio-ee did not stop well: " + e);
    }
    root.delete();
  }

  /**
   * The JVM runs all hooks at once, Payara Micro's too. If ours comes first, the other one waits
   * and finds nothing to do; if it comes second, it is told that nothing runs, and waits.
   */
  private void stopServer() throws BootstrapException, InterruptedException {
    PayaraMicroBoot running = server;
    if (running == null) {
      awaitPayarasHook(); // Told to end while it starts.
      // Or it would fill the directory on while that is deleted.
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
    System.err.println("lmstudio-ee did not stop within " + LIMIT.toSeconds() + " s; ended it");
    System.err.flush();
    Runtime.getRuntime().halt(1);
  }
}
