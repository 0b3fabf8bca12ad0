package ee.lmstudio.telemetry;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.storage.RotatingFile;
import ee.lmstudio.storage.Storage;
import ee.lmstudio.storage.StorageException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes a line for every call to LM Studio into the file {@value #FILE} of the storage. One thread
 * writes, in the order in which the calls ended. Callers never wait for the disk.
 */
@ApplicationScoped
public class ActionLog {
  /** The name of the current file. */
  static final String FILE = "actions.log";

  /** How many lines may wait for a slow disk. */
  static final int MOST_WAITING = 10_000;

  /** How long the waiting lines may take when the application ends. */
  private static final long TO_WRITE_MILLIS = 1000;

  private static final long IDLE_SECONDS = 10;
  private static final Logger LOG = Logger.getLogger(ActionLog.class.getName());

  @Inject ServerSettings settings;
  private final AtomicLong lost = new AtomicLong();

  /** Only the writer's thread uses it. */
  private RotatingFile file;

  private ThreadPoolExecutor writer;

  @PostConstruct
  void begin() {
    file = new RotatingFile(new Storage(settings.storageDir()), FILE, settings.actionLogBytes());
    writer =
        new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("lmstudio-action-log").factory(),
            (line, full) ->
                logLoss(
                    MOST_WAITING + " lines are waiting for the disk or the application is ending"));
  }

  /** Returns whether the file is written at all. */
  boolean isOn() {
    return settings.actionLogBytes() > 0;
  }

  /** Queues a line for the file. Does not block. */
  void write(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    writer.execute(() -> append(bytes));
  }

  private void append(byte[] line) {
    try {
      file.append(line);
    } catch (StorageException failed) {
      logLoss(failed.getMessage() + " " + failed.hint());
    }
  }

  /** Logs the first loss, and then each time that the number has doubled. */
  private void logLoss(String reason) {
    long soFar = lost.incrementAndGet();
    if (Long.bitCount(soFar) == 1) {
      LOG.log(
          Level.WARNING,
          "{0} lines of the action log were lost so far: {1}",
          new Object[] {soFar, reason});
    }
  }

  @PreDestroy
  void end() {
    writer.shutdown();
    try {
      writer.awaitTermination(TO_WRITE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.shutdownNow();
  }
}
