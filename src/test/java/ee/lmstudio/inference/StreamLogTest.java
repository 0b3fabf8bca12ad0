package ee.lmstudio.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamLogTest {
  private static final int ENTRIES = 20_000;
  private static final int READERS = 24;

  private static StreamEvent piece(String text) {
    return new StreamEvent.Piece(Delta.ofContent(text));
  }

  @Test
  void manyReadersWhileOneWrites_allReadTheSame() {
    TestStream test = new TestStream();
    Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    CountDownLatch reading = new CountDownLatch(READERS / 2);
    List<CompletableFuture<List<LogEntry>>> readers =
        IntStream.range(0, READERS)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          if (i >= READERS / 2) {
                            awaitEntries(test.stream.log(), ENTRIES / 2);
                          }
                          return read(test.stream, reading);
                        },
                        threads))
            .toList();
    await(reading);
    test.open();
    for (int i = 0; i < ENTRIES; i++) {
      test.text("token " + i);
    }
    test.complete();

    List<LogEntry> first = readers.get(0).join();
    assertThat(first).hasSize(ENTRIES + 2);
    assertThat(first)
        .extracting(LogEntry::cursor)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, ENTRIES + 2).boxed().toList());
    assertThat(first.get(1 + 777).event()).isEqualTo(piece("token 777"));
    for (CompletableFuture<List<LogEntry>> reader : readers) {
      assertThat(reader.join()).isEqualTo(first);
    }
  }

  private static List<LogEntry> read(GenerationStream stream, CountDownLatch reading) {
    Thread self = Thread.currentThread();
    List<LogEntry> read = new ArrayList<>();
    try (StreamCursor cursor = stream.listen(0, () -> LockSupport.unpark(self))) {
      reading.countDown();
      while (!cursor.finished()) {
        LogEntry entry = cursor.next();
        if (entry == null) {
          LockSupport.park(stream);
        } else {
          read.add(entry);
        }
      }
    }
    return read;
  }

  private static void awaitEntries(StreamLog log, int count) {
    Thread self = Thread.currentThread();
    Runnable waker = () -> LockSupport.unpark(self);
    log.addWaker(waker);
    while (log.lastCursor() < count) {
      LockSupport.park(log);
    }
    log.removeWaker(waker);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterTheLastEntry_nothingIsTaken() {
    StreamLog log = new StreamLog();
    log.append("m", new StreamEvent.Cancelled(CancelledBy.CLIENT));
    assertThat(log.ended()).isTrue();
    assertThat(log.append("m", piece("late"))).isNull();
    assertThat(log.lastCursor()).isEqualTo(1);
  }

  @Test
  void wakerThatThrows_harmsNeitherWriterNorOthers() {
    StreamLog log = new StreamLog();
    List<Integer> woken = new ArrayList<>();
    log.addWaker(
        () -> {
          throw new Defect();
        });
    log.addWaker(() -> woken.add(log.lastCursor()));
    log.append("m", piece("a"));
    log.append("m", piece("b"));
    assertThat(woken).containsExactly(1, 2);
  }

  /** Without a stack trace, since it is logged. */
  private static final class Defect extends RuntimeException {
    Defect() {
      super("a listener's defect", null, false, false);
    }
  }

  @Test
  void text_isCountedUpToEachEntry() {
    StreamLog log = new StreamLog();
    log.append("m", piece("ab"));
    log.append("m", new StreamEvent.Reset("break"));
    log.append("m", piece("cde"));
    assertThat(List.of(log.entry(1), log.entry(2), log.entry(3)))
        .extracting(LogEntry::textSoFar)
        .containsExactly(2L, 2L, 5L);
    assertThat(log.entry(3).weight()).isGreaterThan(log.entry(2).weight());
  }
}
