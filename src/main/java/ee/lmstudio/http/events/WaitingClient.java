package ee.lmstudio.http.events;

import ee.lmstudio.run.Presence;
import ee.lmstudio.run.Run;
import ee.lmstudio.server.ClientPresence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;

/** A client that waits for a whole answer. While it waits, the run does not count as abandoned. */
public final class WaitingClient implements AutoCloseable {
  private final Presence.Visit visit;
  private final ClientPresence client;
  private final ListenerWatch watch;
  private final HttpServletResponse response;
  private final Runnable look = this::leaveIfGone;

  /**
   * Attaches the client to the run.
   *
   * @param exchange the client's request, suspended
   */
  public WaitingClient(Run run, AsyncContext exchange, ListenerWatch watch) {
    this.response = (HttpServletResponse) exchange.getResponse();
    this.visit = run.presence().enter();
    this.client = ClientPresence.of(exchange.getRequest());
    this.watch = watch;
    watch.add(look);
  }

  private void leaveIfGone() {
    if (client.hasLeft()) {
      watch.remove(look);
      visit.close();
    }
  }

  /** Detaches the client. Call it just before the answer is written. */
  @Override
  public void close() {
    watch.remove(look);
    if (client.answered()) {
      response.setHeader("Connection", "close");
    }
    visit.close();
  }
}
