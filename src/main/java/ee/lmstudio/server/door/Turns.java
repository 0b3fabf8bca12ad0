package ee.lmstudio.server.door;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
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
 * and so a single network gets at most half of them. Callers of one network share in the same way
 * what their network can still get, so a single caller gets about a third. The same rule limits how
 * many requests may wait.
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

  private final Executor threads;
  private final int mostRunning;
  private final long mostWaiting;

  /** The one whose turn is next comes first. All fields below are guarded by this. */
  private final SequencedMap<Object, Network> networks = new LinkedHashMap<>();

  private int running;

  /** In bytes, like the fields of this name below. */
  private long waiting;

  /** Requests that come from one network. Exists only while it has some. */
  private static final class Network {
    final SequencedMap<Object, Caller> callers = new LinkedHashMap<>();
    int running;
    long waiting;
  }

  private static final class Caller {
    final Queue<Turn> requests = new ArrayDeque<>();
    int running;
    long waiting;
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
   * @param caller identifies the caller within the network
   * @param bytes what the request takes while it waits
   * @return whether there is room for the request; if not, nothing happens to it
   */
  boolean add(Object network, Object caller, long bytes, Request request) {
    Turn turn = new Turn(network, caller, bytes, request);
    synchronized (this) {
      Network from = networks.computeIfAbsent(network, key -> new Network());
      Caller by = from.callers.computeIfAbsent(caller, key -> new Caller());
      if (!by.requests.isEmpty() || !mayRun(from, by)) {
        return enqueue(from, by, turn);
      }
      request.hold();
      begin(from, by, turn);
    }
    start(turn);
    return true;
  }

  private boolean mayRun(Network from, Caller by) {
    return by.running < mostRunning - running - from.running;
  }

  private boolean enqueue(Network from, Caller by, Turn turn) {
    if (by.waiting + turn.bytes > mostWaiting - waiting - from.waiting) {
      forgetIfIdle(turn, from, by);
      return false;
    }
    turn.request.hold();
    by.waiting += turn.bytes;
    from.waiting += turn.bytes;
    waiting += turn.bytes;
    return by.requests.add(turn);
  }

  private void begin(Network from, Caller by, Turn turn) {
    by.running++;
    from.running++;
    running++;
    // The next turn of this caller, and of this network, comes after those of all others.
    from.callers.putLast(turn.caller, by);
    networks.putLast(turn.network, from);
  }

  /** Returns the next request that may run now, and counts it as running; null if there is none. */
  private synchronized Turn next() {
    if (waiting == 0 || running == mostRunning) {
      return null; // Without a look at each network, of which there may be thousands.
    }
    for (Network from : networks.values()) {
      if (from.waiting > 0 && from.running < mostRunning - running) {
        for (Caller by : from.callers.values()) {
          if (!by.requests.isEmpty() && mayRun(from, by)) {
            Turn turn = by.requests.remove();
            by.waiting -= turn.bytes;
            from.waiting -= turn.bytes;
            waiting -= turn.bytes;
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
    by.running--;
    from.running--;
    running--;
    forgetIfIdle(turn, from, by);
  }

  private void forgetIfIdle(Turn turn, Network from, Caller by) {
    if (by.running == 0 && by.requests.isEmpty()) {
      from.callers.remove(turn.caller);
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
