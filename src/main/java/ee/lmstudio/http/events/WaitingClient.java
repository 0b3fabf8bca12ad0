package ee.lmstudio.http.events;

import ee.lmstudio.inference.CancelledBy;
import ee.lmstudio.inference.GenerationStream;
import ee.lmstudio.inference.StreamCursor;
import ee.lmstudio.server.ClientPresence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;

/** A client that waits for the whole answer: it listens, and its leaving cancels the generation. */
public final class WaitingClient implements AutoCloseable {
  private final StreamCursor cursor;
  private final ClientPresence presence;
  private final ListenerWatch watch;
  private final HttpServletResponse response;
  private final Runnable look = this::cancelIfGone;

  /**
   * Waits from now on.
   *
   * @param exchange of the client, suspended
   */
  public WaitingClient(GenerationStream stream, AsyncContext exchange, ListenerWatch watch) {
    this.response = (HttpServletResponse) exchange.getResponse();
    this.cursor = stream.listen(0, () -> {});
    this.presence = ClientPresence.of(exchange.getRequest());
    this.watch = watch;
    watch.add(look);
  }

  private void cancelIfGone() {
    if (presence.hasLeft()) {
      watch.remove(look);
      cursor.stream().cancel(CancelledBy.LISTENER_GONE);
    }
  }

  /** Its answer is about to be written. */
  @Override
  public void close() {
    watch.remove(look);
    if (presence.answered()) {
      response.setHeader("Connection", "close");
    }
    cursor.close();
  }
}
