package ee.lmstudio.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerThreadTest {
  private static final int COLLECTIONS = 20;

  private final BlockingQueue<Thread> threads = new ArrayBlockingQueue<>(1);

  /** Starts a thread whose work holds a request. Returns a reference to that request. */
  private WeakReference<Object> start() {
    Object request = new Object();
    AnswerThread.start(
        () -> {
          assertThat(request).isNotNull();
          threads.add(Thread.currentThread());
        });
    return new WeakReference<>(request);
  }

  /** Payara's timer keeps the thread for as long as the call might have taken. */
  @Test
  void threadThatEnded_doesNotKeepTheRequest() throws Exception {
    WeakReference<Object> request = start();
    Thread ended = threads.poll(30, TimeUnit.SECONDS);
    ended.join();
    for (int i = 0; i < COLLECTIONS && request.get() != null; i++) {
      System.gc();
    }
    assertThat(request.get()).isNull();
    assertThat(ended.isAlive()).isFalse();
  }
}
