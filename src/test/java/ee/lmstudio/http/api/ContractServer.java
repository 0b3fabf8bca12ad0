package ee.lmstudio.http.api;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of the HTTP contract the one {@link Api} that they share: a Payara Micro whose LM
 * Studio is a {@link SocketSimulator} of the tests, which they script and watch. What is not
 * scripted is answered as usual, at once.
 */
public final class ContractServer implements ParameterResolver, BeforeEachCallback {
  /** How long a stream goes on without a listener. */
  public static final Duration GRACE = Duration.ofSeconds(4);

  /** How long LM Studio may take to its first token. */
  public static final Duration FIRST_TOKEN = Duration.ofSeconds(6);

  /** What LM Studio is shown and nobody else may see. */
  public static final String KEY = "sk-canary-4d1e77";

  public static final Duration QUEUE_TIMEOUT = Duration.ofSeconds(3);

  /** The settings of a simulated LM Studio that answers at once. */
  public static final SimulatorSettings FAST =
      SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);

  /** What is there once, for all tests. */
  public static final class Shared implements AutoCloseable {
    private final SimulatorSettings simulated;
    private final int port;
    private final PayaraServer server;
    final Api api;
    private SocketSimulator lmStudio;

    Shared() {
      this(server -> server);
    }

    /** Starts a server for one test, with other settings. */
    Shared(UnaryOperator<PayaraServer.Builder> settings) {
      this(settings, FAST);
    }

    /** Starts a server for one test, with other settings and another LM Studio. */
    public Shared(UnaryOperator<PayaraServer.Builder> settings, SimulatorSettings simulated) {
      this.simulated = simulated;
      lmStudio = SocketSimulator.start(simulated);
      port = lmStudio.url().getPort();
      server = settings.apply(builder(lmStudio.url())).start();
      api = new Api(server, this);
    }

    private static PayaraServer.Builder builder(URI lmStudio) {
      return PayaraServer.builder()
          .config("lm-studio.simulator", "false")
          .config("lm-studio.base-url", lmStudio.toString())
          .config("lm-studio.max-retries", "0")
          .config("lm-studio.stream-retry-ms", "10")
          .config("lm-studio.max-listeners-per-stream", "0")
          .config("lm-studio.max-listeners-per-caller", "0")
          .config("lm-studio.keep-alive", "400ms")
          .config("lm-studio.progress-after", "2500ms")
          .config("lm-studio.queue-timeout", QUEUE_TIMEOUT.toString())
          .config("lm-studio.first-token-timeout", FIRST_TOKEN.toString())
          .config("lm-studio.orphan-grace", GRACE.toString())
          .config("lm-studio.access-tokens", Api.TOKENS)
          .config("lm-studio.relay-paths", "/v1/rerank/listed")
          .config("lm-studio.api-key", KEY)
          .testClasses(EventRecorder.class, CallRecorder.class, RecorderServlet.class);
    }

    /** Returns a client of the server. */
    public Api api() {
      return api;
    }

    SocketSimulator lmStudio() {
      return lmStudio;
    }

    /** Nobody listens where LM Studio was. */
    void stopLmStudio() {
      lmStudio.close();
    }

    void startLmStudioAgain() {
      lmStudio = SocketSimulator.start(simulated, port);
    }

    @Override
    public void close() {
      server.close();
      lmStudio.close();
    }
  }

  private static Shared shared(ExtensionContext test) {
    return test.getRoot()
        .getStore(Namespace.create(ContractServer.class))
        .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
  }

  /** What former tests left behind is not this test's. */
  @Override
  public void beforeEach(ExtensionContext test) throws InterruptedException {
    SocketSimulator lmStudio = shared(test).lmStudio();
    while (lmStudio.awaitStall(Duration.ZERO)) {}
    while (lmStudio.awaitStreamClosedByClient(Duration.ZERO)) {}
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Api.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return shared(test).api;
  }
}
