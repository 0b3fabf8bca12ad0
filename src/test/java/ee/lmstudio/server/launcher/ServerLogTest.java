package ee.lmstudio.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.CollectedLog;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerLogTest {
  private static final String CHAIN = "org.glassfish.grizzly.filterchain.DefaultFilterChain";
  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  private final ServerLog log = new ServerLog();
  private final Logger logger = Logger.getLogger(ServerLog.class.getName());
  private final CollectedLog collector = new CollectedLog();

  private List<String> summaries() {
    return collector.records().stream().map(new SimpleFormatter()::formatMessage).toList();
  }

  @BeforeEach
  void collectSummaries() {
    logger.setUseParentHandlers(false);
    logger.addHandler(collector);
  }

  @AfterEach
  void restore() {
    logger.removeHandler(collector);
    logger.setUseParentHandlers(true);
  }

  private static LogRecord logged(Level level, String name, Throwable thrown, int second) {
    LogRecord logged = new LogRecord(level, "It failed");
    logged.setLoggerName(name);
    logged.setThrown(thrown);
    logged.setInstant(START.plusSeconds(second));
    return logged;
  }

  private int admitted(int count, String name, Throwable thrown, int second) {
    int admitted = 0;
    for (int i = 0; i < count; i++) {
      admitted += log.isLoggable(logged(Level.WARNING, name, thrown, second)) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void stackTraceOfGrizzly_becomesOneLine() {
    IOException broken = new IOException("Invalid\r\nbyte\u2028" + "x".repeat(1000));
    LogRecord logged = logged(Level.WARNING, CHAIN, broken, 0);
    assertThat(log.isLoggable(logged)).isTrue();
    assertThat(logged.getThrown()).isNull();
    assertThat(logged.getMessage())
        .startsWith("It failed: java.io.IOException: Invalid byte xxx")
        .hasSizeLessThanOrEqualTo(501)
        .doesNotContainPattern("[\\p{Cntrl}\\u2028]");
  }

  @Test
  void stackTraceOfAnotherLogger_isKept() {
    LogRecord logged = logged(Level.SEVERE, "ee.lmstudio.run.Runs", new IOException("x"), 0);
    assertThat(log.isLoggable(logged)).isTrue();
    assertThat(logged.getThrown()).isNotNull();
    assertThat(logged.getMessage()).isEqualTo("It failed");
  }

  @Test
  void moreWarningsThanAllowed_areCountedAndSummarizedWhenTheMinuteIsOver() {
    assertThat(admitted(500, CHAIN, new IOException("x"), 0)).isEqualTo(ServerLog.LINES);
    assertThat(admitted(1, CHAIN, new IllegalStateException(), 0)).isEqualTo(1);
    assertThat(admitted(1, "another", null, 59)).isEqualTo(1);
    assertThat(summaries()).isEmpty();
    assertThat(log.isLoggable(logged(Level.INFO, "another", null, 60))).isTrue();
    assertThat(summaries())
        .containsExactly(
            "480 more warnings of "
                + CHAIN
                + " (IOException) were not logged; at most 20 are logged in a minute");
    assertThat(admitted(500, CHAIN, new IOException("x"), 61)).isEqualTo(ServerLog.LINES);
  }

  @Test
  void oneWarningThatWasNotLogged_isToldInTheSingular() {
    admitted(ServerLog.LINES + 1, CHAIN, new IOException("x"), 0);
    assertThat(log.isLoggable(logged(Level.INFO, "another", null, 60))).isTrue();
    assertThat(summaries())
        .containsExactly(
            "1 more warning of "
                + CHAIN
                + " (IOException) was not logged; at most 20 are logged in a minute");
  }

  /** Clients are told that the log has the cause. */
  @Test
  void errorsOfTheApplication_loseOnlyTheirStackTraces() {
    LogRecord last = null;
    for (int i = 0; i < 2 * ServerLog.LINES; i++) {
      last = logged(Level.SEVERE, "ee.lmstudio.http.error.ErrorServlet", new IOException("x"), 0);
      assertThat(log.isLoggable(last)).isTrue();
    }
    assertThat(last.getThrown()).isNull();
    assertThat(last.getMessage()).startsWith("It failed: java.io.IOException: x at ");
    assertThat(log.isLoggable(logged(Level.INFO, "another", null, 61))).isTrue();
    assertThat(summaries()).isEmpty();
  }

  @Test
  void severalHandlers_decideTheSame() {
    for (int i = 0; i < ServerLog.LINES; i++) {
      LogRecord logged = logged(Level.WARNING, CHAIN, null, 0);
      assertThat(log.isLoggable(logged)).isTrue();
      assertThat(log.isLoggable(logged)).isTrue();
    }
    LogRecord tooMuch = logged(Level.WARNING, CHAIN, null, 0);
    assertThat(log.isLoggable(tooMuch)).isFalse();
    assertThat(log.isLoggable(tooMuch)).isFalse();
  }

  @Test
  void information_isNotLimited() {
    for (int i = 0; i < 1000; i++) {
      assertThat(log.isLoggable(logged(Level.INFO, "ee.lmstudio.call", null, 0))).isTrue();
    }
  }

  @Test
  void moreKindsThanCounted_shareOneLimit() {
    int admitted = 0;
    for (int i = 0; i < 10 * ServerLog.MAX_KINDS; i++) {
      admitted += admitted(1, "logger" + i, null, 0);
    }
    assertThat(admitted).isEqualTo(ServerLog.MAX_KINDS + ServerLog.LINES);
  }
}
