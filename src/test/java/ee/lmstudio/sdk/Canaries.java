package ee.lmstudio.sdk;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Listens to everything that is logged, ours at every level, so that a test can search it for a
 * key, a prompt and answers that must not be there.
 */
final class Canaries extends Handler implements AutoCloseable {
  static final String KEY = "key-canary-5f21";
  static final String PROMPT = "prompt-canary-8c07";

  /** The key, the prompt, and words of the recorded answers. */
  private static final List<String> SECRETS =
      List.of(KEY, PROMPT, "Hello there", "Paris", "London", "celsius");

  private static final int MOST = 1 << 20;

  private final StringBuilder logged = new StringBuilder();
  private final Logger root = Logger.getLogger("");
  private final Logger ours = Logger.getLogger("ee.lmstudio");
  private final Level before = ours.getLevel();

  Canaries() {
    setLevel(Level.ALL);
    setFormatter(new SimpleFormatter());
    ours.setLevel(Level.ALL);
    root.addHandler(this);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (logged.length() < MOST) {
      logged.append(getFormatter().format(entry));
    }
  }

  /** The first canary in what was logged since the last call, or in the error; empty if none. */
  synchronized String foundIn(Throwable error) {
    String all = logged + printed(error);
    logged.setLength(0);
    return in(all);
  }

  /** What was logged since the last look for canaries. */
  synchronized String logged() {
    return logged.toString();
  }

  /** The first canary in {@code text}; empty if there is none. */
  static String in(String text) {
    return SECRETS.stream().filter(text::contains).findFirst().orElse("");
  }

  private static String printed(Throwable error) {
    if (error == null) {
      return "";
    }
    StringWriter all = new StringWriter();
    error.printStackTrace(new PrintWriter(all));
    if (error instanceof ee.lmstudio.sdk.error.LmStudioException ours) {
      all.append(ours.code()).append(ours.hint());
    }
    return all.toString();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
    ours.setLevel(before);
  }
}
