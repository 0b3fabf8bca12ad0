package ee.lmstudio.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class ServerLogTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private final ServerLog log = new ServerLog();

  @Test
  void exceptionOfGrizzly_isOneLine() {
    LogRecord entry = entry("org.glassfish.grizzly.filterchain.DefaultFilterChain", NOW);

    assertThat(log.isLoggable(entry)).isTrue();
    assertThat(entry.getThrown()).isNull();
    assertThat(entry.getMessage()).isEqualTo("failed: java.lang.IllegalStateException: a cause");
  }

  @Test
  void manyExceptionsOfGrizzly_areCountedInTheNextMinute() {
    for (int i = 0; i < ServerLog.LINES_A_MINUTE; i++) {
      assertThat(log.isLoggable(entry("org.glassfish.grizzly.x", NOW))).isTrue();
    }
    assertThat(log.isLoggable(entry("org.glassfish.grizzly.x", NOW))).isFalse();
    assertThat(log.isLoggable(entry("org.glassfish.grizzly.y", NOW))).isFalse();

    LogRecord later = entry("org.glassfish.grizzly.x", NOW.plusSeconds(60));
    assertThat(log.isLoggable(later)).isTrue();
    assertThat(later.getMessage()).endsWith("(2 lines like this were dropped before)");
  }

  @Test
  void exceptionOfAnyOtherClass_keepsItsStackTrace() {
    for (int i = 0; i <= ServerLog.LINES_A_MINUTE; i++) {
      LogRecord entry = entry("ee.lmstudio.x", NOW);
      assertThat(log.isLoggable(entry)).isTrue();
      assertThat(entry.getThrown()).isNotNull();
    }
  }

  private static LogRecord entry(String logger, Instant time) {
    LogRecord entry = new LogRecord(Level.WARNING, "failed");
    entry.setLoggerName(logger);
    entry.setInstant(time);
    entry.setThrown(new IllegalStateException("a cause"));
    return entry;
  }
}
