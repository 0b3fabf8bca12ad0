package ee.lmstudio.config;

import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The address at which this server can be reached from its own machine. The application learns the
 * port at run time: at the start on Payara Micro, and with the first request on any other server.
 */
@ApplicationScoped
public class ServerAddress {
  private static final CidrBlock ANY_IPV6 = CidrBlock.parse("::");

  /** Evaluated late, because the start-up check that reports invalid settings runs after this. */
  private final Supplier<ServerSettings> settings;

  private volatile String contextPath = "";
  private volatile OptionalInt port = OptionalInt.empty();

  /** Used by CDI for its proxies. */
  protected ServerAddress() {
    this((Supplier<ServerSettings>) null);
  }

  @Inject
  ServerAddress(Instance<ServerSettings> settings) {
    this(settings::get);
  }

  /** Creates an instance outside a container. */
  public ServerAddress(Supplier<ServerSettings> settings) {
    this.settings = settings;
  }

  /** Runs before all other start-up observers, because they may use the address. */
  void start(
      @Observes @Priority(Priorities.ADDRESS) @Initialized(ApplicationScoped.class)
          ServletContext context) {
    contextPath = context.getContextPath();
  }

  /**
   * Sets the port that this server listens on. Only the first call with a positive number has an
   * effect.
   */
  public void learnPort(int localPort) {
    if (port.isEmpty() && localPort > 0) {
      port = OptionalInt.of(localPort);
    }
  }

  /** Returns whether the port is known, so that {@link #http()} can be called. */
  public boolean isKnown() {
    return port.isPresent();
  }

  /** Returns a host by which this machine reaches a socket that listens on {@code address}. */
  static String reachable(String address) {
    boolean everywhere = address.equals("0.0.0.0") || ANY_IPV6.contains(address);
    if (everywhere) {
      return "127.0.0.1";
    }
    return address.indexOf(':') < 0 ? address : "[" + address + "]";
  }

  /**
   * Returns the address with context root and without a trailing slash, such as {@code
   * http://127.0.0.1:8080/app}.
   *
   * @throws IllegalStateException if the port is not known yet
   */
  public URI http() {
    int known =
        port.orElseThrow(
            () ->
                new IllegalStateException(
                    "The port of this server is known only after its first request"));
    return URI.create(
        "http://" + reachable(settings.get().listenAddress()) + ":" + known + contextPath);
  }
}
