package ee.lmstudio.http.session;

import ee.lmstudio.access.AccessTokens;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.server.ServerReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Prints a link with the token that was generated in {@code local}, when the server answers
 * requests. The token is printed nowhere else.
 */
@ApplicationScoped
public class DemoLink {
  private final AtomicBoolean done = new AtomicBoolean();
  private final PrintStream out;
  private AccessTokens tokens;
  private ServerAddress address;

  /** For the container. */
  public DemoLink() {
    this(null, null);
  }

  @Inject
  public DemoLink(AccessTokens tokens, ServerAddress address) {
    this(tokens, address, System.out);
  }

  /** A link that is printed to {@code out}. */
  public DemoLink(AccessTokens tokens, ServerAddress address, PrintStream out) {
    this.tokens = tokens;
    this.address = address;
    this.out = out;
  }

  void start(@Observes ServerReady ready) {
    printOnce();
  }

  /**
   * Prints the link once, as soon as the server's port is known. Prints nothing if tokens are
   * configured.
   */
  public void printOnce() {
    if (!done.get() && address.isKnown() && done.compareAndSet(false, true)) {
      tokens.generated().ifPresent(this::print);
    }
  }

  /** Prints in one call, so that no log line comes between the lines. */
  private void print(AccessToken token) {
    out.println(
        "\nLM Studio for Jakarta EE: open this link in a browser to sign in."
            + " It works until the server stops.\n\n  "
            + address.http()
            + RouteTable.DEMO
            + "?token="
            + token.token().reveal()
            + "\n");
  }
}
