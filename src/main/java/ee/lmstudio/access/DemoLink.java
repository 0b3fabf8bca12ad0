package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Priorities;
import ee.lmstudio.config.ServerAddress;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** Prints the link with the token that was made up in {@code local}: nobody else tells it. */
@ApplicationScoped
public class DemoLink {
  private final AtomicBoolean done = new AtomicBoolean();
  private final PrintStream out;

  @Inject AccessTokens tokens;
  @Inject ServerAddress address;

  /** For the container. */
  public DemoLink() {
    this(System.out);
  }

  DemoLink(PrintStream out) {
    this.out = out;
  }

  void start(
      @Observes @Priority(Priorities.SERVICES) @Initialized(ApplicationScoped.class)
          ServletContext context) {
    printOnce();
  }

  /** Prints it once, as soon as the server's port is known; nothing if tokens are configured. */
  void printOnce() {
    if (!done.get() && address.isKnown() && done.compareAndSet(false, true)) {
      tokens.generated().ifPresent(this::print);
    }
  }

  /** In one piece, so that no log line comes between. */
  private void print(AccessToken token) {
    out.println(
        "\nLM Studio for Jakarta EE: open this link, it signs you in until the server stops\n\n  "
            + address.http()
            + Route.DEMO
            + "?token="
            + token.token().reveal()
            + "\n");
  }
}
