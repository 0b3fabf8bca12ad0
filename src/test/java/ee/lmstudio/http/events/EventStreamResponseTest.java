package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.Environment;
import ee.lmstudio.config.Readiness;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.api.EventText;
import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.run.TestRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamResponseTest {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  /** Time enough for who reads a batch a byte a second. */
  private static final Duration KEPT = Duration.ofHours(6);

  private static final String BIG = "x".repeat(64 * 1024);

  private final AtomicLong clock = new AtomicLong(1);
  private final ListenerWatch watch = new ListenerWatch(clock::get);
  private final AtomicInteger released = new AtomicInteger();
  private final TestRun test = new TestRun();
  private FakeConnection client = new FakeConnection(Integer.MAX_VALUE);

  EventStreamResponseTest() {
    Duration none = Duration.ZERO;
    watch.settings =
        new ServerSettings(
            true,
            Environment.LOCAL,
            List.of(),
            "127.0.0.1",
            List.of(),
            List.of(),
            1024,
            new ServerSettings.Streams(0, 0, none, 0, none, KEPT, none, KEEP_ALIVE, none),
            new ServerSettings.Guards(0, none, 0, 0),
            Readiness.SELF,
            false);
  }

  private EventStreamResponse listen(long after) throws IOException {
    EventStreamResponse listener =
        new EventStreamResponse(
            client.request(), test.run, after, watch, released::incrementAndGet);
    listener.begin("/streams/x");
    client.read();
    return listener;
  }

  private void slowClient() {
    client = new FakeConnection(1);
  }

  private List<Event> events() {
    return EventText.events(client.received());
  }

  /** The client reads until nothing more comes. */
  private void readAll() throws IOException {
    for (int before = -1; before < client.received().length(); ) {
      before = client.received().length();
      client.read();
    }
  }

  /** The client was gone before its answer began; who watches it would do so for ever. */
  @Test
  void endedBeforeItBegan_isLookedAfterByNobody() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    ListenerWatch counting = new ListenerWatch(looks::incrementAndGet);
    counting.settings = watch.settings;
    EventStreamResponse listener =
        new EventStreamResponse(client.request(), test.run, 0, counting, () -> {});
    listener.onComplete(null);
    listener.begin("/streams/x");
    looks.set(0);
    counting.look();
    assertThat(looks).hasValue(0);
  }

  @Test
  void begun_saysWhatItIs() throws Exception {
    listen(0);
    assertThat(client.answered)
        .containsEntry("setStatus", 200)
        .containsEntry("setContentType", "text/event-stream;charset=UTF-8")
        .containsEntry("Cache-Control", "no-cache, no-transform")
        .containsEntry("X-Accel-Buffering", "no");
    assertThat(client.received()).isEqualTo("retry: 1000\n\n");
    assertThat(client.flushes).as("sent without waiting for an entry").isEqualTo(1);
  }

  @Test
  void entries_areSentAsTheyCome() throws Exception {
    test.open();
    listen(0);
    assertThat(EventText.names(events())).containsExactly("started");
    test.text("a");
    assertThat(EventText.names(events())).containsExactly("started", "delta");
    assertThat(client.flushes).isEqualTo(2);
    assertThat(released).hasValue(0);
    test.complete();
    assertThat(EventText.names(events())).containsExactly("started", "delta", "completed");
    EventText.assertWithoutGaps(events());
    assertThat(released).hasValue(1);
  }

  @Test
  void resumed_getsWhatItMissed() throws Exception {
    test.open().text("a").text("b").complete();
    listen(2);
    assertThat(events()).extracting(Event::id).containsExactly(3, 4);
    assertThat(released).hasValue(1);
  }

  @Test
  void notReady_isLeftAloneUntilItReads() throws Exception {
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
  void snapshot_isWrittenInPiecesOfAtMost64KiB() throws Exception {
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
    assertThat(most).isEqualTo(EventStreamResponse.PIECE).isEqualTo(64 * 1024);
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

  private Event only(String name) {
    List<Event> found = events().stream().filter(event -> event.name().equals(name)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private Event last() {
    return events().get(events().size() - 1);
  }

  @Test
  void clientGone_isReleasedOnceAndListensNoMore() throws Exception {
    test.open();
    EventStreamResponse listener = listen(0);
    client.leave();
    test.text("a");
    assertThat(released).hasValue(1);
    test.text("b").complete();
    listener.onError(new IOException("told by the container, too"));
    assertThat(released).hasValue(1);
    assertThat(EventText.names(events())).containsExactly("started");
  }

  @Test
  void oneGone_othersHearOn() throws Exception {
    test.open();
    FakeConnection first = client;
    listen(0);
    client = new FakeConnection(Integer.MAX_VALUE);
    listen(0);
    first.leave();
    test.text("a").complete();
    assertThat(EventText.names(events())).containsExactly("started", "delta", "completed");
  }

  @Test
  void silence_isBrokenByAComment() throws Exception {
    test.open();
    listen(0);
    clock.addAndGet(KEEP_ALIVE.toNanos());
    watch.look();
    assertThat(client.received()).doesNotContain(": keep-alive");
    clock.addAndGet(1);
    watch.look();
    watch.look();
    assertThat(client.received()).containsOnlyOnce(": keep-alive\n\n");
    assertThat(EventText.names(events())).containsExactly("started");
  }

  @Test
  void entry_endsTheSilence() throws Exception {
    test.open();
    listen(0);
    clock.addAndGet(KEEP_ALIVE.toNanos());
    test.text("a");
    clock.addAndGet(KEEP_ALIVE.toNanos());
    watch.look();
    assertThat(client.received()).doesNotContain(": keep-alive");
  }

  @Test
  void clientGoneInSilence_isFoundByTheKeepAlive() throws Exception {
    test.open();
    listen(0);
    client.leave();
    clock.addAndGet(KEEP_ALIVE.toNanos() + 1);
    watch.look();
    assertThat(released).hasValue(1);
  }

  /** A second passes between two bytes; the stream ends long before they are read. */
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

  /** Also when the stream has ended, and whatever TCP thinks of the connection. */
  @Test
  void takesNothingForLongerThanAStreamIsKept_isLetGo() throws Exception {
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
  void takesALittleNowAndThen_isNeverLetGo() throws Exception {
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

  @Test
  void abandoned_writesNothingAndReleasesNothing() {
    EventStreamResponse listener =
        new EventStreamResponse(client.request(), test.run, 0, watch, released::incrementAndGet);
    listener.abandon();
    test.open().text("a").complete();
    watch.look();
    assertThat(client.received()).isEmpty();
    assertThat(released).hasValue(0);
  }

  @Test
  void writerAndReaderAtOnce_loseNothing() throws Exception {
    int tokens = 20_000;
    client = new FakeConnection(300);
    test.open();
    listen(0);
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (ended.getCount() > 0 || released.get() == 0) {
                  client.read();
                  Thread.onSpinWait();
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      String token = i + " ";
      all.append(token);
      test.text(token);
    }
    test.complete();
    ended.countDown();
    reader.get();
    assertThat(EventText.shown(events())).isEqualTo(all.toString());
    assertThat(last().name()).isEqualTo("completed");
    EventText.assertWithoutGaps(events());
  }
}
