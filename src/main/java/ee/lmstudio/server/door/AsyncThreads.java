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
   * Maximum number of Payara's threads for this. Twice as many as {@code RequestBodies} lets the
   * application use at a time, because only the application may take long.
   */
  static final int MOST = 64;

  /** The number of threads for the tasks that find none of these. Such tasks wait in a queue. */
  static final int MORE = 8;

  private static final String PAYARA = "org.apache.catalina.connector.AsyncContextImpl";
  private static final int IDLE_SECONDS = 60;

  private AsyncThreads() {}

  /** Limits the threads of this process. */
  static void limit() {
    try {
      Field pool = Class.forName(PAYARA).getDeclaredField("pool");
      pool.setAccessible(true);
      limit((ThreadPoolExecutor) pool.get(null));
    } catch (ReflectiveOperationException | ClassCastException anotherVersion) {
      throw new IllegalStateException("This is not the packaged version of Payara", anotherVersion);
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
