package ee.lmstudio.server.door;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.nio.AbstractNIOConnectionDistributor;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.RegisterChannelResult;
import org.glassfish.grizzly.nio.SelectorRunner;

/**
 * Decides which of Grizzly's selector threads serves a connection. The first one only accepts
 * connections. The third one serves the networks that are {@linkplain Networks.Network#isCrowded
 * crowded}, and the second one all others. So a crowd does not delay the accepting of connections,
 * or the requests of other networks. A connection stays with its thread.
 *
 * <p>The first thread waits while the second one has not yet taken over {@link #MOST_NEW} new
 * connections. Otherwise thousands of connections that are opened at once would all be read before
 * the next request of anyone else.
 *
 * <p>With fewer threads, the last one also does the work of those that are missing.
 */
final class Selectors extends AbstractNIOConnectionDistributor {
  /** How many new connections may wait until the thread of uncrowded networks takes them over. */
  static final int MOST_NEW = 64;

  /** How long the thread that accepts connections waits for that at most. */
  private static final long PATIENCE_MILLIS = 1_000;

  private static final int ACCEPTS = 0;
  private static final int QUIET = 1;
  private static final int CROWDED = 2;

  private final Connections connections;
  private final Semaphore places = new Semaphore(MOST_NEW);

  Selectors(NIOTransport transport, Connections connections) {
    super(transport);
    this.connections = connections;
  }

  private boolean isCrowded(Object connection) {
    return connection instanceof Connection<?> client && connections.isCrowded(client);
  }

  private SelectorRunner ofClients(boolean crowded) {
    return runner(crowded ? CROWDED : QUIET);
  }

  private SelectorRunner runner(int index) {
    SelectorRunner[] all = getTransportSelectorRunners();
    return all[Math.min(index, all.length - 1)];
  }

  @Override
  public void registerChannel(SelectableChannel channel, int interest, Object connection)
      throws IOException {
    transport
        .getSelectorHandler()
        .registerChannel(ofClients(isCrowded(connection)), channel, interest, connection);
  }

  @Override
  public void registerChannelAsync(
      SelectableChannel channel,
      int interest,
      Object connection,
      CompletionHandler<RegisterChannelResult> registered) {
    boolean crowded = isCrowded(connection);
    transport
        .getSelectorHandler()
        .registerChannelAsync(
            ofClients(crowded),
            channel,
            interest,
            connection,
            crowded || !hasPlace() ? registered : new Registered(registered));
  }

  private boolean hasPlace() {
    try {
      return places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Gives the place back when the connection has been taken over. */
  private final class Registered extends EmptyCompletionHandler<RegisterChannelResult> {
    private final CompletionHandler<RegisterChannelResult> then;

    Registered(CompletionHandler<RegisterChannelResult> then) {
      this.then = then;
    }

    @Override
    public void completed(RegisterChannelResult result) {
      places.release();
      then.completed(result);
    }

    @Override
    public void failed(Throwable reason) {
      places.release();
      then.failed(reason);
    }

    @Override
    public void cancelled() {
      places.release();
      then.cancelled();
    }
  }

  /**
   * Registers a listening port with the thread that only accepts connections. Grizzly registers the
   * first port before the door exists, and uses the same thread for it.
   */
  @Override
  public void registerServiceChannelAsync(
      SelectableChannel channel,
      int interest,
      Object port,
      CompletionHandler<RegisterChannelResult> registered) {
    transport
        .getSelectorHandler()
        .registerChannelAsync(runner(ACCEPTS), channel, interest, port, registered);
  }
}
