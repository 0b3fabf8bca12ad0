package ee.lmstudio.server.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Ends the process when the heap is full. A server that has lost one of its threads to an {@link
 * OutOfMemoryError} may leave some requests without an answer, and no service manager restarts it.
 *
 * <p>The JVM's own option for this ({@code -XX:+ExitOnOutOfMemoryError}) can only be set on the
 * command line; {@code bin/serve} sets it. For {@code java -jar}, the error is found in three ways,
 * because Payara catches most errors: {@link ServerLog} looks for it in each log record, this class
 * gets the errors that no code catches, and a thread allocates a little memory from time to time,
 * which fails when the heap is full.
 */
final class OutOfMemory {
  /** The exit code of the JVM's own option. */
  static final int EXIT_CODE = 3;

  private static final byte[] REASON =
      """

      lmstudio-ee ended: no memory is left (java.lang.OutOfMemoryError). Restart it. If this happens \
      again, give it a larger heap with -Xmx, unless the lines above name another kind of memory.
      """
          .getBytes(StandardCharsets.UTF_8);

  /** Held until the process ends, so that printing the reason needs no memory. */
  private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

  /** How much the thread allocates each time: more than what remains free in a full heap. */
  private static final int PROBE_BYTES = 64 * 1024;

  private static final long EVERY_MILLIS = 100;

  /** Payara's class that tells the application of the bytes of a body. */
  static final String BODY_CALLS = "org.apache.catalina.connector.InputBuffer$ReadHandlerImpl";

  /** The newest probe, so that the compiler does not remove the allocation. */
  private static volatile byte[] probe;

  private OutOfMemory() {}

  /** Starts to watch. */
  static void watch() {
    Thread.setDefaultUncaughtExceptionHandler(OutOfMemory::uncaught);
    Thread thread = new Thread(OutOfMemory::allocateFromTimeToTime, "lmstudio-memory");
    thread.setDaemon(true);
    thread.start();
  }

  private static void uncaught(Thread thread, Throwable error) {
    endIfOutOfMemory(error);
    // This uses the log, which limits how often the same error is written, because clients can
    // cause errors in Payara. The logger is not in a field, because Payara sets up its log manager
    // after this class was loaded.
    Logger.getLogger(origin(error))
        .log(level(error), "The thread " + thread.getName() + " ended with an exception", error);
  }

  /**
   * Returns {@code FINE} for one exception that has no effect. If the last bytes of a body arrive
   * while the application reads, Payara queues two calls. The first one ends the body; the request
   * may be over before the second one, which has nothing left to do and fails.
   */
  static Level level(Throwable error) {
    return error instanceof NullPointerException && origin(error).equals(BODY_CALLS)
        ? Level.FINE
        : Level.SEVERE;
  }

  /**
   * Returns the first class of the stack trace that is not Java's own; the error's class if there
   * is none.
   */
  static String origin(Throwable error) {
    return Stream.of(error.getStackTrace())
        .map(StackTraceElement::getClassName)
        .filter(type -> !type.startsWith("java.") && !type.startsWith("jdk."))
        .findFirst()
        .orElse(error.getClass().getName());
  }

  private static void allocateFromTimeToTime() {
    try {
      while (true) {
        probe = new byte[PROBE_BYTES];
        Thread.sleep(EVERY_MILLIS);
      }
    } catch (OutOfMemoryError full) {
      end();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process if an error, or one of its causes, is an {@link OutOfMemoryError}. */
  static void endIfOutOfMemory(Throwable thrown) {
    int causes = 0;
    for (Throwable cause = thrown; cause != null && causes < 20; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        end();
      }
      causes++;
    }
  }

  /** Only the first thread prints the reason; the others wait until the process has ended. */
  private static synchronized void end() {
    try {
      ERR.write(REASON);
    } catch (IOException closed) {
      // The exit code still tells the reason.
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
