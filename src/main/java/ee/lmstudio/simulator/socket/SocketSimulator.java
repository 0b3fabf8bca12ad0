package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.Simulator;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.SimulatorSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * An LM Studio on 127.0.0.1 that needs no model, for unit tests and load tests.
 *
 * <pre>{@code
 * try (SocketSimulator lmStudio = SocketSimulator.scripted()) {
 *   lmStudio.enqueue(Script.respondWithEvents(recorded).cutAt(100));
 *   // call lmStudio.url()
 *   assertThat(lmStudio.generationsPosted()).isEqualTo(2);
 * }
 * }</pre>
 *
 * <p>It answers each request with the next enqueued script, and without a script as it was started
 * to. For any thread. {@link #close()} ends every connection and every thread.
 */
public final class SocketSimulator implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final System.Logger LOG = System.getLogger(SocketSimulator.class.getName());

  private final ServerSocket server;
  private final URI url;
  private final Duration keepAlive;
  private final Exchanges exchanges;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("lm-studio-simulator-", 0).factory());

  private SocketSimulator(Builder builder) {
    try {
      ServerSocketFactory sockets =
          builder.tls == null
              ? ServerSocketFactory.getDefault()
              : builder.tls.getServerSocketFactory();
      server = sockets.createServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), builder.port), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The simulator cannot listen on 127.0.0.1:" + builder.port + ". Choose a free port.", e);
    }
    String scheme = builder.tls == null ? "http" : "https";
    url = URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
    keepAlive = builder.keepAlive;
    exchanges =
        new Exchanges(
            builder.responder,
            builder.pacer,
            builder.clock,
            builder.faultsByHeader,
            builder.faults);
    threads.execute(this::acceptAll);
  }

  /** Starts a simulator on any free port. */
  public static SocketSimulator start(SimulatorSettings settings) {
    return answering(settings).start();
  }

  /** Starts a simulator on {@code port}; 0: any free port. */
  public static SocketSimulator start(SimulatorSettings settings, int port) {
    return answering(settings).port(port).start();
  }

  /** Starts a simulator that answers only with scripts. A request without a script gets a 500. */
  public static SocketSimulator scripted() {
    return answering(new NoScriptLeft()).start();
  }

  /** Returns a builder for a simulator with {@code settings}. */
  public static Builder answering(SimulatorSettings settings) {
    Builder builder = answering(new Simulator(settings, Instant.now()));
    builder.faultsByHeader = settings.faultsByHeader();
    return builder;
  }

  /** Returns a builder for a simulator that answers with {@code responder}. */
  public static Builder answering(Responder responder) {
    return new Builder(responder);
  }

  /** Returns the address of the simulator, {@code http://127.0.0.1:port}. */
  public URI url() {
    return url;
  }

  /** Answers the next request with {@code script}. Several scripts are used in the given order. */
  public SocketSimulator enqueue(Script script) {
    exchanges.enqueue(script);
    return this;
  }

  /** Answers the next request to {@code path} with {@code script}, before scripts for any path. */
  public SocketSimulator enqueue(String path, Script script) {
    exchanges.enqueue(path, script);
    return this;
  }

  /** Removes the scripts that were not used yet. */
  public SocketSimulator forgetScripts() {
    exchanges.forgetScripts();
    return this;
  }

  /** Empties {@link #requests()}, and begins to count from zero again. */
  public SocketSimulator forgetRequests() {
    exchanges.requests().clear();
    return this;
  }

  /** Lets one stalled answer continue: the one that stalls now, or else the next one that will. */
  public void release() {
    exchanges.stalls().release();
  }

  /** Waits until one more answer stalls or falls silent. Returns false after {@code limit}. */
  public boolean awaitStall(Duration limit) throws InterruptedException {
    return exchanges.stalls().awaitArrival(limit);
  }

  /** Returns the requests, oldest first: the newest 1,000, with at most 64 MiB of bodies. */
  public List<SimulatorRequest> requests() {
    return exchanges.requests().newest();
  }

  /** Waits until {@code count} requests were received in all. Returns false after {@code limit}. */
  public boolean awaitRequests(long count, Duration limit) throws InterruptedException {
    return exchanges.requests().await(count, limit);
  }

  /** Returns how many chats and completions were posted, whatever their answer was. */
  public long generationsPosted() {
    return exchanges.requests().generations();
  }

  /** Returns how many event streams are being answered, including those that load a model. */
  public int openStreams() {
    return exchanges.openStreams();
  }

  /**
   * Waits until the client has closed one more connection before the end of its answer, which may
   * be a stream or any other answer. Returns false after {@code limit}. Each such connection is
   * reported once.
   */
  public boolean awaitStreamClosedByClient(Duration limit) throws InterruptedException {
    return exchanges.awaitLeftAnswer(limit);
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          LOG.log(System.Logger.Level.WARNING, "A connection could not be accepted", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try {
      new Connection(socket, exchanges, keepAlive).run(threads);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A client disconnected", e);
    } finally {
      connections.remove(socket);
    }
  }

  /** Ends all connections and threads, and frees the port. */
  @Override
  public void close() {
    exchanges.closing();
    threads.shutdownNow();
    closeQuietly(server);
    connections.forEach(SocketSimulator::closeQuietly);
    try {
      if (!threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "The simulator's threads did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.DEBUG, "A socket did not close cleanly", e);
    }
  }

  /** Builds a {@link SocketSimulator}. Not for use by several threads at once. */
  public static final class Builder {
    private final Responder responder;
    private boolean faultsByHeader;
    private List<NamedFault> faults = List.of();
    private int port;
    private SSLContext tls;
    private Pacer pacer = Pacer.realTime();
    private Clock clock = Clock.systemUTC();
    private Duration keepAlive = Duration.ofSeconds(5);

    private Builder(Responder responder) {
      this.responder = Objects.requireNonNull(responder, "responder");
    }

    /** Sets the port. Default: 0, any free port. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /**
     * Gives these faults to every generation that has no script and asks for no fault itself.
     * Default: none.
     */
    public Builder faults(NamedFault... values) {
      faults = List.of(values);
      return this;
    }

    /** Uses TLS with the key in {@code value}. Default: plain HTTP. */
    public Builder tls(SSLContext value) {
      tls = value;
      return this;
    }

    /** Sets what keeps the time between frames. Default: real time. */
    public Builder pacer(Pacer value) {
      pacer = Objects.requireNonNull(value, "pacer");
      return this;
    }

    /** Sets the clock. Default: the system's clock. */
    public Builder clock(Clock value) {
      clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /** Sets when an idle connection is closed. Default: 5 s, as in LM Studio. */
    public Builder keepAlive(Duration value) {
      keepAlive = Objects.requireNonNull(value, "keepAlive");
      return this;
    }

    /**
     * Starts the simulator.
     *
     * @throws UncheckedIOException if the port is in use; the message names it
     */
    public SocketSimulator start() {
      return new SocketSimulator(this);
    }
  }
}
