package ee.lmstudio.server.launcher;

import java.util.HashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Keeps the log of the packaged server readable while clients send broken requests. It is the
 * filter of the log's handlers, so that it sees every record of every thread.
 *
 * <ul>
 *   <li>Grizzly, which reads the requests, logs a client's mistake with the stack trace of its own
 *       code. Such a record becomes one line.
 *   <li>Warnings and errors of one kind are limited to {@value #LINES} in a minute. Further ones
 *       are counted. After the minute, their number is logged together with the next record.
 *   <li>An error of the application itself is always logged, because clients are told that the log
 *       has the cause. Beyond the limit, it becomes one line, too.
 * </ul>
 */
final class ServerLog implements Filter {
  /** Maximum number of warnings and errors of one kind in a minute. */
  static final int LINES = 20;

  /** Maximum number of kinds that are counted separately. */
  static final int MAX_KINDS = 100;

  private static final long MINUTE_MILLIS = 60_000;
  private static final int LONGEST = 500;
  private static final String GRIZZLY = "org.glassfish.grizzly";
  private static final String OURS = "ee.lmstudio";
  private static final String OTHERS = "other loggers";

  /** Logs how many records were left out. Its level, INFO, is not limited. */
  private static final Logger LOG = Logger.getLogger(ServerLog.class.getName());

  /** Counts the records of one kind since the beginning of its current minute. */
  private static final class Count {
    private long since;
    private int logged;
    private int leftOut;
  }

  /** What was decided about a record, which each handler of the log asks for. */
  private record Decision(long record, boolean admitted) {}

  private static final ThreadLocal<Decision> LAST = new ThreadLocal<>();

  // Guarded by this.
  private final Map<String, Count> kinds = new HashMap<>();
  private long nextSummary = Long.MAX_VALUE;

  /** Adds the filter to the log's handlers. Call this after Payara has created them. */
  static void watch() {
    ServerLog log = new ServerLog();
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setFilter(log);
    }
  }

  @Override
  public boolean isLoggable(LogRecord logged) {
    OutOfMemory.endIfOutOfMemory(logged.getThrown());
    summarize(logged.getMillis());
    if (logged.getLevel().intValue() < Level.WARNING.intValue()) {
      return true;
    }
    Decision last = LAST.get();
    if (last == null || last.record() != logged.getSequenceNumber()) {
      last = new Decision(logged.getSequenceNumber(), isAdmitted(logged));
      LAST.set(last);
    }
    return last.admitted();
  }

  private boolean isAdmitted(LogRecord logged) {
    boolean defect =
        logged.getLevel().intValue() >= Level.SEVERE.intValue() && name(logged).startsWith(OURS);
    boolean admitted = admits(kind(logged), logged.getMillis(), !defect);
    boolean brief = name(logged).startsWith(GRIZZLY) || !admitted;
    if (brief && logged.getThrown() != null) {
      shorten(logged);
    }
    return admitted || defect;
  }

  private static String name(LogRecord logged) {
    return logged.getLoggerName() == null ? "" : logged.getLoggerName();
  }

  /** Returns the logger and the exception. The message may contain an id, so it is not part. */
  private static String kind(LogRecord logged) {
    Throwable thrown = logged.getThrown();
    return thrown == null
        ? name(logged)
        : name(logged) + " (" + thrown.getClass().getSimpleName() + ")";
  }

  /**
   * Returns whether the limit is not reached.
   *
   * @param leaveOut whether the record is not logged otherwise
   */
  private synchronized boolean admits(String kind, long now, boolean leaveOut) {
    boolean known = kinds.containsKey(kind) || kinds.size() < MAX_KINDS;
    Count count = kinds.computeIfAbsent(known ? kind : OTHERS, name -> new Count());
    if (now - count.since >= MINUTE_MILLIS) {
      count.since = now;
      count.logged = 0;
    }
    if (count.logged < LINES) {
      count.logged++;
      return true;
    }
    if (!leaveOut) {
      return false;
    }
    count.leftOut++;
    nextSummary = Math.min(nextSummary, count.since + MINUTE_MILLIS);
    return false;
  }

  /** Logs how many records were left out in the minutes that are over. */
  private void summarize(long now) {
    Map<String, Integer> over = new HashMap<>();
    synchronized (this) {
      if (now < nextSummary) {
        return;
      }
      nextSummary = Long.MAX_VALUE;
      kinds.forEach(
          (kind, count) -> {
            if (count.leftOut > 0 && now - count.since >= MINUTE_MILLIS) {
              over.put(kind, count.leftOut);
              count.leftOut = 0;
            } else if (count.leftOut > 0) {
              nextSummary = Math.min(nextSummary, count.since + MINUTE_MILLIS);
            }
          });
      kinds.values().removeIf(count -> now - count.since >= MINUTE_MILLIS && count.leftOut == 0);
    }
    over.forEach(
        (kind, count) ->
            LOG.log(
                Level.INFO,
                "{0,choice,1#1 more warning of {1} was|1<{0} more warnings of {1} were} not logged;"
                    + " at most {2} are logged in a minute",
                new Object[] {count, kind, LINES}));
  }

  /** Puts the exception and the place that threw it into the message, without line ends. */
  private static void shorten(LogRecord logged) {
    Throwable thrown = logged.getThrown();
    StackTraceElement[] stack = thrown.getStackTrace();
    String text =
        logged.getMessage() + ": " + thrown + (stack.length == 0 ? "" : " at " + stack[0]);
    String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    logged.setMessage(line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…");
    logged.setParameters(null);
    logged.setThrown(null);
  }
}
