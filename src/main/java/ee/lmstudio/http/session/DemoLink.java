package ee.lmstudio.http.session;

import ee.lmstudio.access.AccessTokens;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.server.ServerReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Prints the address of the page when the server answers requests. In {@code local}, the link has
 * the generated token, which is printed nowhere else. A configured token is never printed.
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

  /** Prints the link once, as soon as the server's port is known, unless nobody can sign in. */
  public void printOnce() {
    if (!done.get() && address.isKnown() && done.compareAndSet(false, true)) {
      String page = "\n\n  " + address.http() + RouteTable.DEMO;
      if (tokens.generated().isPresent()) {
        String token = tokens.generated().get().token().reveal();
        print(
            "open this link in a browser to sign in. It works until the server stops."
                + page
                + "?token="
                + token);
      } else if (tokens.anyConfigured()) {
        print("open this page in a browser, and sign in with an access token." + page);
      }
    }
  }

  /** Prints in one call, so that no log line comes between the lines. */
  private void print(String text) {
    out.println("\nLM Studio for Jakarta EE: " + text + "\n");
  }
}
