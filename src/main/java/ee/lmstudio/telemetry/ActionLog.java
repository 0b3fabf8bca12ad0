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

  private static final Logger LOG = Logger.getLogger(ActionLog.class.getName());

  @Inject ServerSettings settings;

  /** Only the thread of the backlog uses it. */
  private RotatingFile file;

  private Backlog backlog;

  @PostConstruct
  void begin() {
    file = new RotatingFile(new Storage(settings.storageDir()), FILE, settings.actionLogBytes());
    backlog =
        new Backlog(
            Thread.ofPlatform().daemon().name("lmstudio-action-log").factory(),
            soFar ->
                logLoss(
                    soFar,
                    Backlog.MOST_WAITING
                        + " lines are waiting for the disk or the application is ending"));
  }

  /** Returns whether the file is written at all. */
  boolean isOn() {
    return settings.actionLogBytes() > 0;
  }

  /** Queues a line for the file. Does not block. */
  void write(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    backlog.add(() -> append(bytes));
  }

  private void append(byte[] line) {
    try {
      file.append(line);
    } catch (StorageException failed) {
      backlog.lose(soFar -> logLoss(soFar, failed.getMessage() + " " + failed.hint()));
    }
  }

  private static void logLoss(long soFar, String reason) {
    LOG.log(
        Level.WARNING,
        "{0,choice,1#1 line of the action log was|1<{0} lines of the action log were} lost so far:"
            + " {1}",
        new Object[] {soFar, reason});
  }

  @PreDestroy
  void end() {
    backlog.end();
    file.close();
  }
}
