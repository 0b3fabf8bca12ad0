package ee.lmstudio.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GenerationStreamTest {
  private final AtomicInteger cancels = new AtomicInteger();
  private final TestHandle handle = new TestHandle(cancels::incrementAndGet);

  private static GenerationStream stream(boolean cancelledWhenLeft) {
    return new GenerationStream(
        TestStream.ID, "alice", TestStream.REQUEST, cancelledWhenLeft, () -> 1);
  }

  @Test
  void cancelledBeforeTheHandleIsThere_isCancelledWhenItComes() {
    GenerationStream stream = stream(false);
    stream.cancel(CancelledBy.CLIENT);
    assertThat(cancels).hasValue(0);
    stream.running(handle);
    assertThat(cancels).hasValue(1);
  }

  @Test
  void cancelledTwice_isCancelledOnceByTheFirst() {
    GenerationStream stream = stream(false);
    stream.running(handle);
    stream.cancel(CancelledBy.LISTENER_GONE);
    stream.cancel(CancelledBy.CLIENT);
    assertThat(cancels).hasValue(1);
    assertThat(stream.cancelledBy()).isEqualTo(CancelledBy.LISTENER_GONE);
  }

  @Test
  void lastListenerLeaves_cancelsOnlyWithoutGrace() {
    GenerationStream patient = stream(false);
    patient.running(handle);
    patient.listen(0, () -> {}).close();
    assertThat(cancels).hasValue(0);

    GenerationStream strict = stream(true);
    strict.running(handle);
    StreamCursor one = strict.listen(0, () -> {});
    StreamCursor two = strict.listen(0, () -> {});
    one.close();
    assertThat(cancels).as("somebody listens").hasValue(0);
    two.close();
    assertThat(cancels).hasValue(1);
    assertThat(strict.cancelledBy()).isEqualTo(CancelledBy.LISTENER_GONE);
  }

  @Test
  void touched_graceBeginsAnew() {
    TestStream test = new TestStream().open();
    test.clock.addAndGet(100);
    assertThat(test.stream.aloneNanos()).isEqualTo(100);
    test.stream.touch();
    assertThat(test.stream.aloneNanos()).isZero();
  }

  @Test
  void touchedWhenOver_isNotKeptLonger() {
    TestStream test = new TestStream().open().complete();
    test.clock.addAndGet(100);
    test.stream.touch();
    assertThat(test.stream.overNanos()).isEqualTo(100);
  }

  @Test
  void status_isWhatTheLastEntrySays() {
    TestStream test = new TestStream();
    assertThat(test.stream.status()).isEqualTo(StreamStatus.RUNNING);
    assertThat(test.open().text("a").stream.status()).isEqualTo(StreamStatus.RUNNING);
    assertThat(test.complete().stream.status()).isEqualTo(StreamStatus.COMPLETED);
    assertThat(test.stream.finishedAt()).isPresent();
  }
}
