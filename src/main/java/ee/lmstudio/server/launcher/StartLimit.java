package ee.lmstudio.server.launcher;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reports a start that takes too long, with the stack of each thread. Without this limit, a server
 * whose threads block each other while it starts would neither serve nor end, and no service
 * manager would restart it.
 */
final class StartLimit {
  /** How long a start may take. It takes 5 to 15 s, or a minute on a machine under full load. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private StartLimit() {}

  /**
   * Starts to wait on a thread of its own.
   *
   * @param tooLong called on that thread when the limit has passed, with the reason, followed by
   *     the stacks of all threads
   * @return the thread; interrupt it when the server has started
   */
  static Thread begin(Duration limit, Consumer<String> tooLong) {
    Thread thread = new Thread(() -> await(limit, tooLong), "lmstudio-start-limit");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void await(Duration limit, Consumer<String> tooLong) {
    try {
      Thread.sleep(limit);
    } catch (InterruptedException started) {
      return;
    }
    tooLong.accept(
        "the start took longer than "
            + limit.toSeconds()
            + " s. Start the server again. If this happens again, report these stacks of all"
            + " threads:\n"
            + stacks());
  }

  private static String stacks() {
    StringBuilder stacks = new StringBuilder();
    for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      stacks.append("\n\"").append(info.getThreadName()).append("\" ");
      stacks.append(info.getThreadState());
      if (info.getLockName() != null) {
        stacks.append(" on ").append(info.getLockName());
      }
      if (info.getLockOwnerName() != null) {
        stacks.append(", held by \"").append(info.getLockOwnerName()).append('"');
      }
      for (StackTraceElement frame : info.getStackTrace()) {
        stacks.append("\n  at ").append(frame);
      }
      stacks.append('\n');
    }
    return stacks.toString();
  }
}
