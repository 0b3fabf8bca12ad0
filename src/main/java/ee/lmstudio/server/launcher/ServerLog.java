package ee.lmstudio.server.launcher;

import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Watches the server's log. A client can make Grizzly log an exception whenever it likes, by
 * sending a malformed chunk or by leaving while it is answered. Grizzly would log 25 lines of stack
 * trace each time. This filter makes them one line, and lets only a few of them pass in each
 * minute, so that a client cannot fill the disk or hide what else is logged.
 */
final class ServerLog implements Filter {
  /** How many exceptions of Grizzly are logged in a minute. The others are counted. */
  static final int LINES_A_MINUTE = 10;

  private static final long MINUTE_MILLIS = 60_000;
  private static final String GRIZZLY = "org.glassfish.grizzly";

  /** Guarded by this. */
  private long minute;

  private int lines;
  private int dropped;

  /** Starts to watch, once Payara has created the log's handlers. */
  static void watch() {
    ServerLog log = new ServerLog();
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setFilter(log);
    }
  }

  @Override
  public boolean isLoggable(LogRecord entry) {
    Throwable thrown = entry.getThrown();
    OutOfMemory.endIfOutOfMemory(thrown);
    String logger = entry.getLoggerName();
    if (thrown == null || logger == null || !logger.startsWith(GRIZZLY)) {
      return true;
    }
    int before = admit(entry.getMillis() / MINUTE_MILLIS);
    if (before < 0) {
      return false;
    }
    entry.setThrown(null);
    entry.setMessage(
        entry.getMessage()
            + ": "
            + thrown
            + (before == 0 ? "" : " (" + before + " lines like this were dropped before)"));
    return true;
  }

  /** Returns how many lines were dropped in earlier minutes, or -1 to drop this one too. */
  private synchronized int admit(long now) {
    if (now != minute) {
      minute = now;
      lines = 0;
    }
    if (lines == LINES_A_MINUTE) {
      dropped++;
      return -1;
    }
    lines++;
    int before = dropped;
    dropped = 0;
    return before;
  }
}
