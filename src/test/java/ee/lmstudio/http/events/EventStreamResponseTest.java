package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText;
import ee.lmstudio.http.api.EventText.Event;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamResponseTest extends EventStreamResponseFixture {
  /** The client disconnected before its response began, so nothing may keep watching it. */
  @Test
  void endedBeforeItBegan_isNotWatched() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    ListenerWatch counting = new ListenerWatch(looks::incrementAndGet);
    counting.settings = watch.settings;
    EventStreamResponse listener = listener(0, counting);
    listener.onComplete(null);
    listener.begin(to -> {});
    looks.set(0);
    counting.look();
    assertThat(looks).hasValue(0);
  }

  @Test
  void begun_hasTheHeadersOfAnEventStream() throws Exception {
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
  void clientGone_isReleasedOnceAndDetached() throws Exception {
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
  void oneListenerGone_othersContinue() throws Exception {
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

  @Test
  void abandoned_writesNothingAndReleasesNothing() {
    EventStreamResponse listener = listener(0, watch);
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
