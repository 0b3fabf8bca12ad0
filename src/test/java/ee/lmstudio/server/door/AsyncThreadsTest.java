package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AsyncThreadsTest {
  private static final int TASKS = 1_000;

  private final ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newCachedThreadPool();

  @Test
  void moreTasksThanThreads_waitAndAllRun() throws InterruptedException {
    AsyncThreads.limit(pool);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(TASKS);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < TASKS; i++) {
      pool.execute(
          () -> {
            threads.add(Thread.currentThread());
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            done.countDown();
          });
    }
    release.countDown();
    done.await();
    pool.shutdown();
    assertThat(threads).hasSize(AsyncThreads.MOST + AsyncThreads.MORE);
  }
}
