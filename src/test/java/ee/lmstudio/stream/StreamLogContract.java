package ee.lmstudio.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.Delta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of every {@link StreamLog}. There is one subclass for each implementation. */
@Timeout(60)
public abstract class StreamLogContract {
  private static final int ENTRIES = 20_000;
  private static final int READERS = 24;

  /** Returns a log without entries. */
  protected abstract StreamLog emptyLog();

  private static StreamEvent piece(String text) {
    return new StreamEvent.Piece(Delta.ofContent(text));
  }

  private static StreamEvent failed() {
    return new StreamEvent.Failed(Failure.of(new ServerException(500, "no", "look")));
  }

  private static List<Entry> entries(StreamLog log) {
    return LongStream.rangeClosed(1, log.lastCursor()).mapToObj(log::entry).toList();
  }

  @Test
  void entries_haveCursorsFromOneWithoutGaps() {
    StreamLog log = emptyLog();
    assertThat(log.lastCursor()).isZero();
    assertThat(log.append("m", piece("a"))).contains(log.entry(1));
    log.append(null, piece("b"));
    assertThat(entries(log)).extracting(Entry::cursor).containsExactly(1L, 2L);
    assertThat(entries(log)).extracting(Entry::modelId).containsExactly("m", null);
    assertThat(entries(log)).extracting(Entry::event).containsExactly(piece("a"), piece("b"));
  }

  @Test
  void cursorWithoutEntry_isRefused() {
    StreamLog log = emptyLog();
    log.append("m", piece("a"));
    for (long cursor : new long[] {0, -1, 2, Integer.MAX_VALUE}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .as("cursor " + cursor)
          .isThrownBy(() -> log.entry(cursor));
    }
  }

  @Test
  void text_isCountedUpToEachEntry() {
    StreamLog log = emptyLog();
    log.append("m", piece("ab"));
    log.append("m", new StreamEvent.Reset("break"));
    log.append("m", piece("cde"));
    assertThat(entries(log)).extracting(Entry::textSoFar).containsExactly(2L, 2L, 5L);
    assertThat(log.entry(3).weight()).isGreaterThan(log.entry(2).weight());
  }

  @Test
  void afterTheLastEntry_nothingIsAppended() {
    StreamLog log = emptyLog();
    log.append("m", piece("a"));
    assertThat(log.ended()).isFalse();
    log.append("m", new StreamEvent.Cancelled(CancelledBy.CLIENT));
    assertThat(log.ended()).isTrue();
    assertThat(log.append("m", piece("late"))).isEmpty();
    assertThat(log.append("m", TestRun.COMPLETED)).isEmpty();
    assertThat(log.lastCursor()).isEqualTo(2);
  }

  @Test
  void endTime_isKnownWithTheLastEntry() {
    StreamLog log = emptyLog();
    List<Boolean> known = new ArrayList<>();
    log.subscribe(() -> known.add(log.endedAt().isPresent()));
    log.append("m", piece("a"));
    log.append("m", TestRun.COMPLETED);
    assertThat(known).containsExactly(false, true);
    Instant ended = log.endedAt().orElseThrow();
    log.compact();
    assertThat(log.endedAt()).contains(ended);
    assertThat(ended).isAfterOrEqualTo(log.head().startedAt());
  }

  @Test
  void subscriptionClosedByAnother_isNotCalledAnyMore() {
    StreamLog log = emptyLog();
    List<String> called = new ArrayList<>();
    List<StreamLog.Subscription> later = new ArrayList<>();
    log.subscribe(() -> later.get(0).close());
    later.add(log.subscribe(() -> called.add("closed")));
    log.append("m", piece("a"));
    assertThat(called).isEmpty();
  }

  @Test
  void subscriberThatRunsOutOfMemory_affectsNeitherWriterNorOthers() {
    StreamLog log = emptyLog();
    List<Long> called = new ArrayList<>();
    log.subscribe(
        () -> {
          throw new OutOfMemoryError("a listener's error");
        });
    log.subscribe(() -> called.add(log.lastCursor()));
    assertThat(log.append("m", piece("a"))).isPresent();
    assertThat(called).containsExactly(1L);
  }

  @Test
  void failureAsFirstEntry_isARefusal() {
    StreamLog refused = emptyLog();
    assertThat(refused.refused()).isFalse();
    refused.append(null, failed());
    assertThat(refused.refused()).isTrue();
    StreamLog failedLater = emptyLog();
    failedLater.append("m", piece("a"));
    failedLater.append("m", failed());
    assertThat(failedLater.refused()).isFalse();
  }

  @Test
  void chunks_areReadAsTheyWereSent() {
    StreamLog log = emptyLog();
    Chunks.Collector collector = new Chunks.Collector();
    List<String> sent = new ArrayList<>();
    log.append("m", new StreamEvent.Started(Instant.EPOCH, Optional.of("m")));
    for (int i = 0; i < 100; i++) {
      String json = "{\"a\":%d,\"content\":\"t%d\",\"b\":[]}".formatted(i / 30, i);
      sent.add(json);
      collector.add(json);
      if (i % 9 == 0) {
        sent.add("{}");
        collector.add("{}");
      }
      log.append("m", piece("t" + i), collector.take(piece("t" + i)));
    }
    sent.add("{\"usage\":{}}");
    collector.add("{\"usage\":{}}");
    log.append("m", TestRun.COMPLETED, collector.take(TestRun.COMPLETED));
    assertThat(entries(log)).flatExtracting(Entry::json).isEqualTo(sent);
    log.compact();
    assertThat(entries(log)).flatExtracting(Entry::json).isEqualTo(sent);
  }

  @Test
  void compacted_readsTheSame() {
    StreamLog log = emptyLog();
    for (int i = 0; i < 100; i++) {
      log.append(i < 50 ? "m" : "n", i % 7 == 0 ? new StreamEvent.Reset("x") : piece("t" + i));
    }
    log.append("n", TestRun.COMPLETED);
    List<Entry> before = entries(log);
    log.compact();
    assertThat(entries(log)).isEqualTo(before);
    assertThat(log.ended()).isTrue();
    assertThat(log.append("n", piece("late"))).isEmpty();
  }

  @Test
  void subscriber_isCalledForEachEntryUntilItCloses() {
    StreamLog log = emptyLog();
    List<Long> called = new ArrayList<>();
    StreamLog.Subscription subscription = log.subscribe(() -> called.add(log.lastCursor()));
    log.append("m", piece("a"));
    log.append("m", piece("b"));
    subscription.close();
    subscription.close();
    log.append("m", piece("c"));
    assertThat(called).containsExactly(1L, 2L);
  }

  @Test
  void sameCallbackSubscribedTwice_isTwoSubscriptions() {
    StreamLog log = emptyLog();
    List<Long> called = new ArrayList<>();
    Runnable news = () -> called.add(log.lastCursor());
    StreamLog.Subscription one = log.subscribe(news);
    log.subscribe(news);
    one.close();
    one.close();
    log.append("m", piece("a"));
    assertThat(called).containsExactly(1L);
  }

  @Test
  void subscriberThatThrows_affectsNeitherWriterNorOthers() {
    StreamLog log = emptyLog();
    List<Long> called = new ArrayList<>();
    log.subscribe(
        () -> {
          throw new Defect();
        });
    log.subscribe(() -> called.add(log.lastCursor()));
    log.append("m", piece("a"));
    log.append("m", piece("b"));
    assertThat(called).containsExactly(1L, 2L);
  }

  /** Without a stack trace, since it is logged. */
  private static final class Defect extends RuntimeException {
    Defect() {
      super("a listener's defect", null, false, false);
    }
  }

  @Test
  void whenBegunAndWhenEnded_runOnceWhetherEarlyOrLate() {
    StreamLog log = emptyLog();
    List<String> ran = new ArrayList<>();
    log.whenBegun(() -> ran.add("begun"));
    log.whenEnded(() -> ran.add("ended"));
    assertThat(ran).isEmpty();
    log.append("m", piece("a"));
    log.append("m", piece("b"));
    assertThat(ran).containsExactly("begun");
    log.append("m", TestRun.COMPLETED);
    assertThat(ran).containsExactly("begun", "ended");
    log.whenBegun(() -> ran.add("begun late"));
    log.whenEnded(() -> ran.add("ended late"));
    assertThat(ran).containsExactly("begun", "ended", "begun late", "ended late");
  }

  @Test
  void whenEndedWhileOneWrites_runsExactlyOnce() throws Exception {
    for (int i = 0; i < 500; i++) {
      StreamLog log = emptyLog();
      List<String> ran = Collections.synchronizedList(new ArrayList<>());
      Thread writer = Thread.ofVirtual().start(() -> log.append("m", TestRun.COMPLETED));
      log.whenEnded(() -> ran.add("ended"));
      writer.join();
      assertThat(ran).containsExactly("ended");
    }
  }

  @Test
  void manyReadersWhileOneWrites_allReadTheSame() {
    StreamLog log = emptyLog();
    Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    CountDownLatch reading = new CountDownLatch(READERS / 2);
    List<CompletableFuture<List<Entry>>> readers =
        IntStream.range(0, READERS)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          if (i >= READERS / 2) {
                            awaitEntries(log, ENTRIES / 2);
                          }
                          return read(log, reading);
                        },
                        threads))
            .toList();
    await(reading);
    log.append("m", new StreamEvent.Started(Instant.EPOCH, Optional.of("m")));
    for (int i = 0; i < ENTRIES; i++) {
      log.append("m", piece("token " + i));
    }
    log.append("m", TestRun.COMPLETED);
    log.compact();

    List<Entry> first = readers.get(0).join();
    assertThat(first).hasSize(ENTRIES + 2);
    assertThat(first)
        .extracting(Entry::cursor)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, ENTRIES + 2).boxed().toList());
    assertThat(first.get(1 + 777).event()).isEqualTo(piece("token 777"));
    for (CompletableFuture<List<Entry>> reader : readers) {
      assertThat(reader.join()).isEqualTo(first);
    }
  }

  private static List<Entry> read(StreamLog log, CountDownLatch reading) {
    Thread self = Thread.currentThread();
    List<Entry> read = new ArrayList<>();
    try (Cursor cursor = Cursor.open(log, 0, () -> LockSupport.unpark(self))) {
      reading.countDown();
      while (!cursor.finished()) {
        Entry entry = cursor.next();
        if (entry == null) {
          LockSupport.park(log);
        } else {
          read.add(entry);
        }
      }
    }
    return read;
  }

  private static void awaitEntries(StreamLog log, int count) {
    Thread self = Thread.currentThread();
    try (StreamLog.Subscription news = log.subscribe(() -> LockSupport.unpark(self))) {
      assertThat(news).isNotNull();
      while (log.lastCursor() < count) {
        LockSupport.park(log);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
