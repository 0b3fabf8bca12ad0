package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener costs a small and fixed memory, whatever it does not read. */
@Timeout(120)
class ListenerMemoryTest extends EventStreamResponseFixture {
  private static final int LISTENERS = 100;

  /** For its objects and buffers; a test's connection keeps a copy of what was written to it. */
  private static final long MOST_OF_ONE = 64 * 1024;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long allocated() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().threadId());
  }

  /** Everything is written on this thread, so its allocations are all that there are. */
  private void assertListenersAreSmall() throws IOException {
    slowClient();
    listen(0);
    long before = allocated();
    for (int i = 0; i < LISTENERS; i++) {
      slowClient();
      listen(0);
      assertThat(client.unread()).isLessThanOrEqualTo(Pieces.PIECE + 5);
    }
    assertThat((allocated() - before) / LISTENERS).as("bytes of one").isLessThan(MOST_OF_ONE);
  }

  private void text(int pieces, String piece) {
    for (int i = 0; i < pieces; i++) {
      test.text(piece);
    }
  }

  @Test
  void readsNothingOfAnEndedStream_costsLittle() throws Exception {
    test.open();
    text(15 * 16, BIG);
    test.complete();
    assertListenersAreSmall();
  }

  @Test
  void readsNothingOfARunningStream_costsLittle() throws Exception {
    test.open();
    text(15 * 16, BIG);
    assertListenersAreSmall();
  }

  @Test
  void readsNothingOfManySmallEntries_costsLittle() throws Exception {
    test.open();
    text(100_000, "a few words ");
    test.complete();
    assertListenersAreSmall();
  }

  @Test
  void readsNothingOfOneHugeEntry_costsLittle() throws Exception {
    test.open().text("\u0001".repeat(15 << 20)).complete();
    assertListenersAreSmall();
  }

  /** They hold one copy of it together, as long as any of them needs it. */
  @Test
  void readsNothingOfAHugeToolCall_costsLittle() throws Exception {
    test.open().delta(PiecesTest.toolCall(4 << 20)).complete();
    assertListenersAreSmall();
  }

  /** Its tool calls would be a copy in each snapshot. */
  @Test
  void hugeToolCalls_getNoSnapshotAndTheWholeText() throws Exception {
    test.open().delta(PiecesTest.toolCall(Frames.MOST_TOOL_CALLS + 1));
    text(18, BIG);
    slowClient();
    listen(0);
    readAll();
    assertThat(ee.lmstudio.http.api.EventText.names(events())).doesNotContain("snapshot");
    assertThat(ee.lmstudio.http.api.EventText.shown(events())).isEqualTo(BIG.repeat(18));
  }

  @Test
  void memoryNeeded_listenerIsReleased() throws Exception {
    test.open().text(BIG);
    slowClient();
    listen(0);
    test.dismissListeners();
    assertThat(released).hasValue(1);
    test.text("more");
    client.read();
    assertThat(client.received()).doesNotContain("more");
  }
}
