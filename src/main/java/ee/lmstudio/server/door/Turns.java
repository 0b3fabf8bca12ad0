package ee.lmstudio.server.door;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.threadpool.GrizzlyExecutorService;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/**
 * Shares Payara's threads fairly between the clients. Only a limited number of requests has a
 * thread at a time, and the others wait. The networks that the requests come from take turns, and
 * within one network its callers take turns. So a caller with one request waits for at most one
 * request of each other network, and of each other caller of the same network, however many they
 * have sent.
 *
 * <p>Nobody can take everything: a network gets no further thread while it has as many as are free,
 * and so a single network gets at most half of them. The same holds for a caller who uses many
 * networks. Callers of one network share in the same way what their network can still get, so a
 * single caller gets about a third. The same rules limit how many requests may wait.
 */
final class Turns {
  /** A request that waits for a thread. */
  interface Request {
    /** Suspends the request. This is called before another thread can run or refuse it. */
    void hold();

    /** Processes the request, on a thread of Payara. */
    void run();

    /** Answers that the server has no thread for a request that was held. */
    void refuse();
  }

  /**
   * This part of Payara's threads, 1/8, is left to other events: the pieces of bodies, and answers
   * that continue.
   */
  static final int SPARE = 8;

  /**
   * How many requests have a thread at a time, for each core. They compute and do not wait, so more
   * of them would be no faster: they would only take the cores from the threads of streams.
   */
  static final int FOR_EACH_CORE = 4;

  static final int LEAST = 8;

  /** The caller of requests without a credential. In each network it is another caller. */
  static final Object ANYBODY = 0;

  private final Executor threads;
  private final int mostRunning;
  private final long mostWaiting;

  /** The network whose turn is next comes first. All fields below are guarded by this. */
  private final SequencedMap<Object, Network> networks = new LinkedHashMap<>();

  private final Share all = new Share();

  /**
   * What each caller has in all networks together. An entry exists only while the caller has
   * running or waiting requests.
   */
  private final Map<Object, Share> everywhere = new HashMap<>();

  /** Threads in use, and bytes of waiting requests. */
  private static class Share {
    int running;
    long waiting;

    boolean isIdle() {
      return running == 0 && waiting == 0;
    }
  }

  /** Requests that come from one network. Exists only while it has some. */
  private static final class Network extends Share {
    final SequencedMap<Object, Caller> callers = new LinkedHashMap<>();
  }

  /** Requests of one caller that come from one network. */
  private static final class Caller extends Share {
    final Queue<Turn> requests = new ArrayDeque<>();
    final Share everywhere;

    Caller(Share everywhere) {
      this.everywhere = everywhere;
    }
  }

  /** One request, from its arrival until it has been processed. */
  private final class Turn implements Runnable {
    final Object network;
    final Object caller;
    final long bytes;
    final Request request;

    Turn(Object network, Object caller, long bytes, Request request) {
      this.network = network;
      this.caller = caller;
      this.bytes = Math.max(1, bytes); // Otherwise next() would not find it.
      this.request = request;
    }

    @Override
    public void run() {
      try {
        request.run();
      } finally {
        end(this);
        start(next());
      }
    }
  }

  /**
   * @param threads runs the requests
   * @param mostRunning how many requests have a thread at a time
   * @param mostWaiting how many bytes the requests may take that wait
   */
  Turns(Executor threads, int mostRunning, long mostWaiting) {
    this.threads = threads;
    this.mostRunning = mostRunning;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Returns turns for the threads of a transport.
   *
   * @param mostWaiting the maximum memory of requests that wait, in bytes
   */
  static Turns of(Transport transport, long mostWaiting) {
    if (!(transport.getWorkerThreadPool() instanceof GrizzlyExecutorService pool)) {
      throw new IllegalStateException("This is not the packaged version of Grizzly");
    }
    ThreadPoolConfig config = pool.getConfiguration();
    int most = config.getMaxPoolSize();
    int spare = Math.max(1, most / SPARE);
    int useful = Math.max(LEAST, FOR_EACH_CORE * Runtime.getRuntime().availableProcessors());
    return new Turns(
        // Payara may replace its threads.
        turn -> transport.getWorkerThreadPool().execute(turn),
        Math.min(most - spare, useful),
        mostWaiting);
  }

  /**
   * Processes a request as soon as it has a thread.
   *
   * @param network identifies the network that it comes from
   * @param caller identifies the caller; {@link #ANYBODY} if there is no credential
   * @param bytes what the request takes while it waits
   * @return whether there is room for the request; if not, nothing happens to it
   */
  boolean add(Object network, Object caller, long bytes, Request request) {
    Turn turn = new Turn(network, caller, bytes, request);
    synchronized (this) {
      Network from = networks.computeIfAbsent(network, key -> new Network());
      Caller by = from.callers.computeIfAbsent(caller, this::newCaller);
      if (!by.requests.isEmpty() || !mayRun(from, by)) {
        return enqueue(from, by, turn);
      }
      request.hold();
      begin(from, by, turn);
    }
    start(turn);
    return true;
  }

  private Caller newCaller(Object caller) {
    return new Caller(
        caller.equals(ANYBODY)
            ? new Share()
            : everywhere.computeIfAbsent(caller, key -> new Share()));
  }

  private boolean mayRun(Network from, Caller by) {
    int free = mostRunning - all.running;
    return by.running < free - from.running && by.everywhere.running < free;
  }

  private boolean enqueue(Network from, Caller by, Turn turn) {
    long free = mostWaiting - all.waiting;
    if (by.waiting + turn.bytes > free - from.waiting
        || by.everywhere.waiting + turn.bytes > free) {
      forgetIfIdle(turn, from, by);
      return false;
    }
    turn.request.hold();
    countWaiting(turn.bytes, from, by);
    return by.requests.add(turn);
  }

  private void countWaiting(long bytes, Network from, Caller by) {
    for (Share share : List.of(all, from, by, by.everywhere)) {
      share.waiting += bytes;
    }
  }

  private void countRunning(int one, Network from, Caller by) {
    for (Share share : List.of(all, from, by, by.everywhere)) {
      share.running += one;
    }
  }

  private void begin(Network from, Caller by, Turn turn) {
    countRunning(1, from, by);
    // The next turn of this caller, and of this network, comes after those of all others.
    from.callers.putLast(turn.caller, by);
    networks.putLast(turn.network, from);
  }

  /** Returns the next request that may run now, and counts it as running; null if there is none. */
  private synchronized Turn next() {
    if (all.waiting == 0 || all.running == mostRunning) {
      return null; // Skips the search, which visits every network, and there may be thousands.
    }
    for (Network from : networks.values()) {
      if (from.waiting > 0 && from.running < mostRunning - all.running) {
        for (Caller by : from.callers.values()) {
          if (!by.requests.isEmpty() && mayRun(from, by)) {
            Turn turn = by.requests.remove();
            countWaiting(-turn.bytes, from, by);
            begin(from, by, turn);
            return turn;
          }
        }
      }
    }
    return null;
  }

  private synchronized void end(Turn turn) {
    Network from = networks.get(turn.network);
    Caller by = from.callers.get(turn.caller);
    countRunning(-1, from, by);
    forgetIfIdle(turn, from, by);
  }

  private void forgetIfIdle(Turn turn, Network from, Caller by) {
    if (by.isIdle()) {
      from.callers.remove(turn.caller);
    }
    if (by.everywhere.isIdle()) {
      everywhere.remove(turn.caller);
    }
    if (from.callers.isEmpty()) {
      networks.remove(turn.network);
    }
  }

  /** Gives a thread to a request, and then to every other one that may run. */
  private void start(Turn first) {
    for (Turn turn = first; turn != null; turn = next()) {
      try {
        threads.execute(turn);
      } catch (RejectedExecutionException noThread) {
        end(turn);
        turn.request.refuse();
      }
    }
  }
}
