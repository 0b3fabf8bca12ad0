package ee.lmstudio.server.door;

import java.lang.reflect.Field;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Limits the threads on which Payara processes suspended requests. Payara starts as many as there
 * are tasks, and each chunk of a body can be a task of its own: so clients that send tiny chunks
 * could start thousands of threads.
 */
final class AsyncThreads {
  /**
   * Maximum number of Payara's threads for suspended requests. Only the application may take long,
   * and {@code RequestBodies} lets it use at most 32 of them and one for each core, so the others
   * stay free for short tasks.
   */
  static final int MOST = 64;

  /**
   * Number of additional threads. They run the tasks for which Payara's pool has no free thread.
   */
  static final int MORE = 8;

  private static final String PAYARA = "org.apache.catalina.connector.AsyncContextImpl";
  private static final String DELAYS = "isDelayAsyncDispatchAndComplete";
  private static final int IDLE_SECONDS = 60;

  private AsyncThreads() {}

  /** Limits the threads of this process. */
  static void limit() {
    try {
      Class<?> requests = Class.forName(PAYARA);
      requests.getDeclaredMethod(DELAYS); // The application calls it (ServiceThread).
      Field pool = requests.getDeclaredField("pool");
      pool.setAccessible(true);
      limit((ThreadPoolExecutor) pool.get(null));
    } catch (ReflectiveOperationException | ClassCastException anotherVersion) {
      throw new IllegalStateException(
          "Payara's threads for suspended requests cannot be limited: this is not the version of"
              + " Payara that the door was packaged with",
          anotherVersion);
    }
  }

  static void limit(ThreadPoolExecutor pool) {
    ThreadPoolExecutor more =
        new ThreadPoolExecutor(
            MORE,
            MORE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "lmstudio-bodies");
              thread.setDaemon(true);
              return thread;
            });
    more.allowCoreThreadTimeOut(true);
    pool.setMaximumPoolSize(MOST);
    pool.setRejectedExecutionHandler((task, full) -> more.execute(task));
  }
}
