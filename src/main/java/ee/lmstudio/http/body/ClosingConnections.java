package ee.lmstudio.http.body;

import ee.lmstudio.server.GrizzlyRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** Closes connections after an answer if the rest of a request body is not read. For any thread. */
final class ClosingConnections {
  /**
   * How long a connection stays open after the answer. During this time the server drops the bytes
   * that arrive, because a client whose connection is closed while it is sending may lose the
   * answer.
   */
  static final Duration LINGER = Duration.ofSeconds(5);

  private record Closing(long due, Runnable close) {}

  private final LongSupplier nanoTime;

  /** In the order in which they are due. */
  private final Queue<Closing> closings = new ConcurrentLinkedQueue<>();

  ClosingConnections(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Closes the connection of a request after {@link #LINGER}. */
  void add(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Connection", "close");
    Runnable close = GrizzlyRequest.of(request).closing();
    closings.add(new Closing(nanoTime.getAsLong() + LINGER.toNanos(), close));
  }

  /** Closes the connections that are due. */
  void look() {
    long now = nanoTime.getAsLong();
    for (Closing first = closings.peek();
        first != null && now - first.due >= 0;
        first = closings.peek()) {
      closings.remove(first);
      first.close.run();
    }
  }
}
