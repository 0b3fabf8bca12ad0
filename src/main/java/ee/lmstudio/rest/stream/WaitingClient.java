package ee.lmstudio.rest.stream;

import ee.lmstudio.inference.CancelledBy;
import ee.lmstudio.inference.GenerationStream;
import ee.lmstudio.inference.StreamCursor;
import jakarta.servlet.ServletRequest;

/** A client that waits for the whole answer: it listens, and its leaving cancels the generation. */
public final class WaitingClient implements AutoCloseable {
  private final StreamCursor cursor;
  private final ClientPresence presence;
  private final ListenerWatch watch;
  private final Runnable look = this::cancelIfGone;

  /**
   * Waits from now on.
   *
   * @param request of the client; the container's own, not JAX-RS's proxy
   */
  public WaitingClient(GenerationStream stream, ServletRequest request, ListenerWatch watch) {
    this.cursor = stream.listen(0, () -> {});
    this.presence = ClientPresence.of(request);
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
    presence.answered();
    cursor.close();
  }
}
