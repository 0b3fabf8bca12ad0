package ee.lmstudio.config;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.util.OptionalInt;

/**
 * Where this server can be reached from its own machine. An application learns its port only at run
 * time: Payara Micro tells it at start, any other server with the first request.
 */
@ApplicationScoped
public class ServerAddress {
  private volatile String contextPath = "";
  private volatile OptionalInt port = OptionalInt.empty();

  /** Before the others that start with the application: they may ask. */
  void start(
      @Observes @Priority(Priorities.ADDRESS) @Initialized(ApplicationScoped.class)
          ServletContext context) {
    contextPath = context.getContextPath();
    port = PayaraMicroPort.find();
  }

  /** Tells the port that a request came in on. Only the first word counts. */
  public void learnPort(int localPort) {
    if (port.isEmpty() && localPort > 0) {
      port = OptionalInt.of(localPort);
    }
  }

  /** Whether {@link #http()} can be asked. */
  public boolean isKnown() {
    return port.isPresent();
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
    return URI.create("http://127.0.0.1:" + known + contextPath);
  }
}
