package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FramesTest {
  private final List<Long> encoded = new ArrayList<>();
  private final TestRun test = new TestRun().open();
  private final AtomicLong clock = new AtomicLong(1);
  private final Frames frames = new Frames(test.run.log(), new CountingWriter(), clock::get);

  /** Writes the cursor instead of a frame, and records the entries that it was called with. */
  private final class CountingWriter implements FrameWriter {
    @Override
    public void begin(FrameBuffer out) {
      out.text("begin;");
    }

    @Override
    public void write(Entry entry, FrameBuffer out) {
      encoded.add(entry.cursor());
      out.number(entry.cursor()).text(";");
    }

    @Override
    public boolean isLong(Entry entry) {
      return false;
    }

    @Override
    public Pieces pieces(Entry entry) {
      encoded.add(entry.cursor());
      return new Pieces.Builder().raw(entry.cursor() + ";").build();
    }

    @Override
    public Pieces pieces(Snapshot snapshot) {
      encoded.add(-snapshot.cursor());
      return new Pieces.Builder().raw("snapshot;").build();
    }
  }

  private String read(long from, long to) {
    FrameBuffer out = new FrameBuffer();
    for (long cursor = from; cursor <= to; cursor++) {
      frames.write(test.run.log().entry(cursor), out);
    }
    return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
  }

  private void listeners(int count) {
    for (int i = 0; i < count; i++) {
      frames.join();
    }
  }

  @Test
  void severalListeners_anEntryIsEncodedOnce() {
    test.text("a").text("b");
    listeners(3);
    assertThat(List.of(read(1, 3), read(1, 3), read(2, 3)))
        .containsExactly("1;2;3;", "1;2;3;", "2;3;");
    assertThat(encoded).containsExactly(1L, 2L, 3L);
  }

  @Test
  void listenerFarBehind_getsTheRightFrames() {
    for (int i = 0; i < 2 * Frames.KEPT; i++) {
      test.text("t");
    }
    long last = test.run.log().lastCursor();
    String all =
        LongStream.rangeClosed(1, last)
            .mapToObj(cursor -> cursor + ";")
            .collect(Collectors.joining());
    listeners(2);
    assertThat(read(1, last)).isEqualTo(all);
    assertThat(read(1, last)).as("the listener that is behind").isEqualTo(all);
    assertThat(encoded).hasSize(2 * (int) last);
  }

  @Test
  void listenersInTheSamePlace_shareThePiece() {
    test.text("a");
    Pieces frame = frames.pieces(test.run.log().entry(2));
    assertThat(frames.pieces(test.run.log().entry(2))).as("one for all listeners").isSameAs(frame);
    assertThat(frames.piece(frame, Pieces.Place.START))
        .isSameAs(frames.piece(frame, Pieces.Place.START));
    assertThat(encoded).containsExactly(2L);
  }

  @Test
  void snapshot_isSharedUntilItHelpsNoLonger() {
    String half = "x".repeat((int) Frames.FAR_BEHIND / 2);
    test.text(half).text(half).text(half);
    Frames.Shortcut shared = frames.snapshot(0);
    assertThat(shared.cursor()).isEqualTo(4);
    test.text(half).text(half);
    assertThat(frames.snapshot(1).frame()).isSameAs(shared.frame());
    test.text("x");
    assertThat(frames.snapshot(1).cursor()).isEqualTo(7);
    assertThat(encoded).containsExactly(-4L, -7L);
  }

  @Test
  void snapshotThatTheListenerIsBeyond_isNone() {
    test.text("a");
    assertThat(frames.snapshot(1)).isNotNull();
    assertThat(frames.snapshot(2)).isNull();
  }

  /** With the tool calls that are joined in it, which may be as large as the log. */
  @Test
  void state_isSharedWhileTheLogDoesNotGrow() {
    test.text("a");
    Pieces shared = frames.state();
    assertThat(frames.state()).isSameAs(shared);
    test.text("b");
    assertThat(PiecesTest.whole(frames.state())).contains("\"content\":\"ab\"");
    assertThat(PiecesTest.whole(shared)).contains("\"content\":\"a\"");
  }

  /** Each state would be another copy of them in memory. */
  @Test
  void stateWithLargeToolCalls_isSharedForASecondWhileTheLogGrows() {
    test.delta(PiecesTest.toolCall(Frames.MOST_TOOL_CALLS));
    Pieces shared = frames.state();
    test.text("a");
    clock.addAndGet(Frames.STATE_SHARED - 1);
    assertThat(frames.state()).isSameAs(shared);
    clock.addAndGet(1);
    Pieces next = frames.state();
    assertThat(PiecesTest.whole(next)).contains("\"cursor\":3", "\"content\":\"a\"");
    test.text("b");
    assertThat(frames.state()).isSameAs(next);
  }

  /** The answer to DELETE, and to a client that has seen the end, must have the end. */
  @Test
  void stateWithLargeToolCalls_isNotSharedBeyondTheEnd() {
    test.delta(PiecesTest.toolCall(Frames.MOST_TOOL_CALLS));
    Pieces running = frames.state();
    test.complete();
    assertThat(PiecesTest.whole(running)).contains("\"status\":\"running\"");
    assertThat(PiecesTest.whole(frames.state())).contains("\"status\":\"completed\"");
  }

  @Test
  void singleListener_nothingIsKept() {
    listeners(1);
    read(1, 1);
    read(1, 1);
    assertThat(encoded).containsExactly(1L, 1L);
  }

  @Test
  void othersLeft_lastListenerContinues() {
    test.text("a");
    listeners(2);
    read(1, 2);
    assertThat(frames.leave()).isFalse();
    assertThat(read(1, 2)).isEqualTo("1;2;");
    assertThat(frames.leave()).isTrue();
  }
}
