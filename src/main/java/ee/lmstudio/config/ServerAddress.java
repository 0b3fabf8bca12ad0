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
 * The address at which this server can be reached from its own machine. An application learns its
 * port only at run time: on Payara Micro at start, on any other server with the first request.
 */
@ApplicationScoped
public class ServerAddress {
  private static final CidrBlock ANY_IPV6 = CidrBlock.parse("::");

  /** Asked late: wrong settings are reported by the start-up check, which runs after this. */
  private final Supplier<ServerSettings> settings;

  private volatile String contextPath = "";
  private volatile OptionalInt port = OptionalInt.empty();

  /** For the container. */
  protected ServerAddress() {
    this((Supplier<ServerSettings>) null);
  }

  @Inject
  ServerAddress(Instance<ServerSettings> settings) {
    this(settings::get);
  }

  /** Without a container. */
  public ServerAddress(Supplier<ServerSettings> settings) {
    this.settings = settings;
  }

  /** Before the others that start with the application: they may ask. */
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

  /** Whether {@link #http()} can be asked. */
  public boolean isKnown() {
    return port.isPresent();
  }

  /** A host under which what listens on {@code address} is reached from this machine. */
  static String reachable(String address) {
    boolean everywhere = address.equals("0.0.0.0") || ANY_IPV6.contains(address);
    if (everywhere) {
      return "127.0.0.1";
    }
    return address.indexOf(':') < 0 ? address : "[" + address + "]";
  }

  /**
   * The address with context root and without a trailing slash: {@code http://127.0.0.1:8080/app}.
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
