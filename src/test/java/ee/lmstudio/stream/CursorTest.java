package ee.lmstudio.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CursorTest {
  private static Cursor listen(TestRun test, long after) {
    return Cursor.open(test.run.log(), after, () -> {});
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
    TestRun test = new TestRun().open().text("a").text("b");
    try (Cursor cursor = listen(test, after)) {
      assertThat(cursor.next().cursor()).isEqualTo(first);
    }
  }

  @Test
  void lastCursorOfARunningStream_waitsForTheNext() {
    TestRun test = new TestRun().open().text("a");
    try (Cursor cursor = listen(test, 2)) {
      assertThat(cursor.next()).isNull();
      assertThat(cursor.finished()).isFalse();
      test.complete();
      assertThat(cursor.next().cursor()).isEqualTo(3);
      assertThat(cursor.finished()).isTrue();
    }
  }

  @Test
  void unreadText_isWhatWaits() {
    TestRun test = new TestRun().open().text("abc").text("de");
    try (Cursor cursor = listen(test, 2)) {
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
    TestRun test = new TestRun();
    try (Cursor cursor = listen(test, 0)) {
      assertThat(cursor.next()).isNull();
      assertThat(cursor.unreadText()).isZero();
      assertThat(cursor.finished()).isFalse();
    }
  }

  @Test
  void closed_hearsNoMoreNews() {
    TestRun test = new TestRun().open();
    AtomicInteger news = new AtomicInteger();
    Cursor cursor = Cursor.open(test.run.log(), 0, news::incrementAndGet);
    test.text("a");
    cursor.close();
    cursor.close();
    test.text("b");
    assertThat(news).hasValue(1);
    assertThat(cursor.next().cursor()).as("reading is not hearing").isEqualTo(1);
  }

  @Test
  void onePass_readsWhatIsThere() {
    TestRun test = new TestRun().open().text("a");
    try (Cursor cursor = Cursor.open(test.run.log())) {
      assertThat(cursor.next().cursor()).isEqualTo(1);
      assertThat(cursor.next().cursor()).isEqualTo(2);
      assertThat(cursor.next()).isNull();
    }
  }
}
