package ee.lmstudio;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Collects what is logged. Add it to a logger, and remove it when the test is over. */
public final class CollectedLog extends Handler {
  private final List<LogRecord> records = new ArrayList<>();

  /** Returns what was logged so far. */
  public List<LogRecord> records() {
    return List.copyOf(records);
  }

  @Override
  public void publish(LogRecord logged) {
    records.add(logged);
  }

  @Override
  public void flush() {
    // Nothing is buffered.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
