package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText;
import ee.lmstudio.http.api.EventText.Event;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that read slowly, or nothing at all. */
@Timeout(60)
class SlowListenerTest extends EventStreamResponseFixture {
  @Test
  void notReady_isNotWrittenToUntilItReads() throws Exception {
    slowClient();
    test.open();
    listen(0);
    test.text("a").text("b");
    String before = client.received();
    test.text("c");
    assertThat(client.received()).isEqualTo(before);
    client.read();
    assertThat(EventText.shown(events())).isEqualTo("abc");
    EventText.assertWithoutGaps(events());
  }

  @Test
  void farBehind_getsASnapshotInsteadOfAllEntries() throws Exception {
    slowClient();
    test.open().text("begin ");
    listen(0);
    for (int i = 0; i < 17; i++) {
      test.text(BIG);
    }
    readAll();
    assertThat(EventText.names(events())).contains("snapshot").hasSizeLessThan(10);
    Event snapshot = only("snapshot");
    assertThat(snapshot.id()).as("the last entry it covers").isEqualTo(19);
    assertThat(snapshot.text("status")).isEqualTo("running");
    assertThat(EventText.shown(events())).isEqualTo("begin " + BIG.repeat(17));
    test.text(" more").complete();
    readAll();
    assertThat(EventText.shown(events())).isEqualTo("begin " + BIG.repeat(17) + " more");
    assertThat(last().id()).isEqualTo(21);
  }

  @Test
  void snapshot_isWrittenInSmallPieces() throws Exception {
    slowClient();
    test.open();
    listen(0);
    fallFarBehind();
    int most = 0;
    for (int before = -1; before < client.received().length(); ) {
      before = client.received().length();
      client.read();
      most = Math.max(most, client.unread());
    }
    assertThat(only("snapshot").id()).isEqualTo(19);
    assertThat(EventText.shown(events())).isEqualTo(BIG.repeat(18));
    assertThat(most).isBetween(Pieces.PIECE, Pieces.PIECE + 5);
  }

  @Test
  void notFarBehind_getsEveryEntry() throws Exception {
    slowClient();
    test.open();
    listen(0);
    for (int i = 0; i < 16; i++) {
      test.text(BIG);
    }
    test.complete();
    readAll();
    assertThat(EventText.names(events())).doesNotContain("snapshot");
    EventText.assertWithoutGaps(events());
  }

  @Test
  void farBehindAgain_getsTheNextSnapshotAfterFiveSeconds() throws Exception {
    slowClient();
    test.open();
    listen(0);
    fallFarBehind();
    readAll();
    assertThat(snapshots()).isEqualTo(1);
    clock.addAndGet(Duration.ofMillis(4_999).toNanos());
    fallFarBehind();
    readAll();
    assertThat(snapshots()).as("too soon: entries instead").isEqualTo(1);
    clock.addAndGet(Duration.ofMillis(1).toNanos());
    fallFarBehind();
    readAll();
    assertThat(snapshots()).isEqualTo(2);
    assertThat(EventText.shown(events())).hasSize(3 * 18 * BIG.length());
    assertThat(events()).extracting(Event::id).isSorted().doesNotHaveDuplicates();
  }

  private void fallFarBehind() {
    for (int i = 0; i < 18; i++) {
      test.text(BIG);
    }
  }

  private long snapshots() {
    return events().stream().filter(event -> event.name().equals("snapshot")).count();
  }

  @Test
  void endedWhileFarBehind_isToldTheEndByItself() throws Exception {
    slowClient();
    test.open();
    listen(0);
    fallFarBehind();
    test.complete();
    readAll();
    assertThat(only("snapshot").id()).isEqualTo(19);
    assertThat(only("snapshot").text("status")).isEqualTo("running");
    assertThat(last().name()).isEqualTo("completed");
    assertThat(last().id()).isEqualTo(20);
    assertThat(released).hasValue(1);
  }

  /** A second passes between two bytes. The stream ends long before the client has read them. */
  @Test
  void readsOneByteASecond_getsTheWholeTextAndHoldsUpNobody() throws Exception {
    int room = 256;
    client = new FakeConnection(room);
    FakeConnection slow = client;
    test.open();
    listen(0);
    client = new FakeConnection(Integer.MAX_VALUE);
    listen(0);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      test.text("token " + i + " ");
      all.append("token ").append(i).append(' ');
      aSecondPasses(slow);
    }
    test.complete();
    assertThat(EventText.shown(events())).as("the other one, at once").isEqualTo(all.toString());

    client = slow;
    int most = 0;
    for (int seconds = 0; released.get() < 2 || slow.unread() > 0; seconds++) {
      assertThat(seconds).as("seconds, unread %d", slow.unread()).isLessThan(60_000);
      aSecondPasses(slow);
      most = Math.max(most, slow.unread());
    }
    assertThat(EventText.shown(events())).isEqualTo(all.toString());
    EventText.assertWithoutGaps(events());
    assertThat(last().name()).isEqualTo("completed");
    assertThat(most)
        .as("sent ahead of it")
        .isLessThanOrEqualTo(room + EventStreamResponse.BATCH + 1024);
  }

  private void aSecondPasses(FakeConnection slow) throws IOException {
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    watch.look();
    slow.read(1);
  }

  /** This also holds when the stream has ended, and does not depend on TCP. */
  @Test
  void readsNothingForLongerThanTheRetention_isDisconnected() throws Exception {
    slowClient();
    test.open().text(BIG);
    listen(0);
    test.text("never read").complete();
    clock.addAndGet(KEEP_ALIVE.plus(KEPT).toNanos());
    watch.look();
    watch.look();
    assertThat(released).as("still in time").hasValue(0);
    clock.addAndGet(1);
    watch.look();
    assertThat(released).hasValue(1);
    watch.look();
    client.read();
    assertThat(released).hasValue(1);
    assertThat(client.received()).doesNotContain("never read");
  }

  @Test
  void readsALittleNowAndThen_isNeverDisconnected() throws Exception {
    slowClient();
    test.open().text(BIG);
    listen(0);
    for (int i = 0; i < 10; i++) {
      test.text("more");
      clock.addAndGet(KEEP_ALIVE.plus(KEPT).toNanos());
      watch.look();
      watch.look();
      assertThat(released).hasValue(0);
      client.read();
    }
    test.complete();
    readAll();
    assertThat(EventText.shown(events())).isEqualTo(BIG + "more".repeat(10));
    assertThat(last().name()).isEqualTo("completed");
  }
}
