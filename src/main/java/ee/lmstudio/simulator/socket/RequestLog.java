package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.SimulatorRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest requests: at most {@value #MAX_REQUESTS}, with bodies of at most {@value
 * #MAX_BODY_BYTES} bytes in all. Safe for use by several threads.
 */
final class RequestLog {
  static final int MAX_REQUESTS = 1_000;
  static final long MAX_BODY_BYTES = 64L * 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final Deque<SimulatorRequest> newest = new ArrayDeque<>();
  private long bodyBytes;
  private long seen;
  private long generations;

  void add(SimulatorRequest request) {
    lock.lock();
    try {
      seen++;
      generations += request.isGeneration() ? 1 : 0;
      newest.add(request);
      bodyBytes += request.body().length;
      while (newest.size() > MAX_REQUESTS || (bodyBytes > MAX_BODY_BYTES && newest.size() > 1)) {
        bodyBytes -= newest.remove().body().length;
      }
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      newest.clear();
      bodyBytes = 0;
      seen = 0;
      generations = 0;
    } finally {
      lock.unlock();
    }
  }

  List<SimulatorRequest> newest() {
    lock.lock();
    try {
      return List.copyOf(newest);
    } finally {
      lock.unlock();
    }
  }

  long generations() {
    lock.lock();
    try {
      return generations;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@code count} requests were received in all. Returns false after {@code limit}. */
  boolean await(long count, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (seen < count && left > 0) {
        left = added.awaitNanos(left);
      }
      return seen >= count;
    } finally {
      lock.unlock();
    }
  }
}
