package ee.lmstudio.server.door;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.nio.AbstractNIOConnectionDistributor;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.RegisterChannelResult;
import org.glassfish.grizzly.nio.SelectorRunner;

/**
 * Decides which of Grizzly's selector threads serves a connection. The first one only accepts
 * connections. The third one serves the networks that are {@linkplain Networks.Network#isCrowded
 * crowded}, and the second one all others. So a crowd delays neither a new connection nor the
 * requests of anyone else: its requests are read, and mostly refused, on a thread of their own.
 *
 * <p>With fewer threads, the last one also does the work of those that are missing.
 */
final class Selectors extends AbstractNIOConnectionDistributor {
  private static final int ACCEPTS = 0;
  private static final int QUIET = 1;
  private static final int CROWDED = 2;

  private final Connections connections;

  Selectors(NIOTransport transport, Connections connections) {
    super(transport);
    this.connections = connections;
  }

  private SelectorRunner of(Object connection) {
    boolean crowded = connection instanceof Connection<?> client && connections.isCrowded(client);
    return runner(crowded ? CROWDED : QUIET);
  }

  private SelectorRunner runner(int index) {
    SelectorRunner[] all = getTransportSelectorRunners();
    return all[Math.min(index, all.length - 1)];
  }

  @Override
  public void registerChannel(SelectableChannel channel, int interest, Object connection)
      throws IOException {
    transport.getSelectorHandler().registerChannel(of(connection), channel, interest, connection);
  }

  @Override
  public void registerChannelAsync(
      SelectableChannel channel,
      int interest,
      Object connection,
      CompletionHandler<RegisterChannelResult> registered) {
    transport
        .getSelectorHandler()
        .registerChannelAsync(of(connection), channel, interest, connection, registered);
  }

  /** Grizzly registers its first port before the door exists, and also uses its first thread. */
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
