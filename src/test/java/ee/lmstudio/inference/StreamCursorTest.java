package ee.lmstudio.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamCursorTest {
  private static StreamCursor listen(TestStream test, long after) {
    return test.stream.listen(after, () -> {});
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 2",
    "2, 3",
    "-1, 1",
    "4, 1",
    "999999999999999999, 1",
    "-9223372036854775808, 1",
    "4294967297, 1"
  })
  void resuming_beginsBehindTheCursorOrAtTheBeginning(long after, long first) {
    TestStream test = new TestStream().open().text("a").text("b");
    try (StreamCursor cursor = listen(test, after)) {
      assertThat(cursor.next().cursor()).isEqualTo(first);
    }
  }

  @Test
  void lastCursorOfARunningStream_waitsForTheNext() {
    TestStream test = new TestStream().open().text("a");
    try (StreamCursor cursor = listen(test, 2)) {
      assertThat(cursor.next()).isNull();
      assertThat(cursor.finished()).isFalse();
      test.complete();
      assertThat(cursor.next().cursor()).isEqualTo(3);
      assertThat(cursor.finished()).isTrue();
    }
  }

  @Test
  void unreadText_isWhatWaits() {
    TestStream test = new TestStream().open().text("abc").text("de");
    try (StreamCursor cursor = listen(test, 2)) {
      assertThat(cursor.unreadText()).isEqualTo(2);
      cursor.next();
      assertThat(cursor.unreadText()).isZero();
      test.text("fghi");
      assertThat(cursor.unreadText()).isEqualTo(4);
      cursor.skipTo(4);
      assertThat(cursor.unreadText()).isZero();
      cursor.skipTo(1);
      assertThat(cursor.position()).as("never backwards").isEqualTo(4);
    }
  }

  @Test
  void beforeTheFirstEntry_nothingIsThere() {
    TestStream test = new TestStream();
    try (StreamCursor cursor = listen(test, 0)) {
      assertThat(cursor.next()).isNull();
      assertThat(cursor.unreadText()).isZero();
      assertThat(cursor.finished()).isFalse();
    }
  }

  @Test
  void closedTwice_countsOnce() {
    TestStream test = new TestStream().open();
    StreamCursor one = listen(test, 0);
    try (StreamCursor other = listen(test, 0)) {
      one.close();
      one.close();
      test.clock.addAndGet(1_000);
      assertThat(test.stream.aloneNanos()).as("the other listens").isZero();
      assertThat(other.position()).isZero();
    }
    test.clock.addAndGet(5);
    assertThat(test.stream.aloneNanos()).isEqualTo(5);
  }
}
