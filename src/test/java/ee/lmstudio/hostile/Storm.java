package ee.lmstudio.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Opens a fixed number of connections a second, from many addresses. All of them send the same
 * request. One thread serves them all, so that little of the processor is taken from the server.
 */
final class Storm implements AutoCloseable {
  private static final int ADDRESSES = 250;

  /** When so many connections are open, no further ones are opened. */
  private static final int MOST = 4_000;

  private static final int WAIT_MILLIS = 5;
  private static final long NANOS = 1_000_000_000;
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int STATUS_LENGTH = 3;

  private final InetSocketAddress server;
  private final byte[] request;
  private final Consumer<String> outcome;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  /**
   * @param request asks the server to close the connection
   * @param outcome gets the status of each answer, or {@link Attacker#CLOSED}
   */
  Storm(int port, String request, Consumer<String> outcome) throws IOException {
    this.server = new InetSocketAddress("127.0.0.1", port);
    this.request = request.getBytes(ISO_8859_1);
    this.outcome = outcome;
    this.selector = Selector.open();
  }

  /** Opens {@code aSecond} connections a second until {@code over} returns true. */
  void run(int aSecond, BooleanSupplier over) throws IOException {
    long begun = System.nanoTime();
    long opened = 0;
    while (!over.getAsBoolean()) {
      for (long due = (System.nanoTime() - begun) * aSecond / NANOS; opened < due; opened++) {
        if (selector.keys().size() < MOST) {
          open(Attacker.OUTSIDE + (int) (opened % ADDRESSES));
        }
      }
      selector.select(this::serve, WAIT_MILLIS);
    }
  }

  private void open(int from) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress("127.0.0." + from, 0));
      channel.connect(server);
      channel.register(selector, SelectionKey.OP_CONNECT);
    } catch (IOException refused) {
      channel.close();
      outcome.accept(Attacker.CLOSED);
    }
  }

  private void serve(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        channel.write(ByteBuffer.wrap(request));
        key.interestOps(SelectionKey.OP_READ);
      } else if (read(channel, key) < 0) {
        end(key);
      }
    } catch (IOException reset) {
      end(key);
    }
  }

  private int read(SocketChannel channel, SelectionKey key) throws IOException {
    buffer.clear();
    int length = channel.read(buffer);
    if (length >= STATUS_AT + STATUS_LENGTH && key.attachment() == null) {
      key.attach(Boolean.TRUE);
      outcome.accept(new String(buffer.array(), STATUS_AT, STATUS_LENGTH, ISO_8859_1));
    }
    return length;
  }

  private void end(SelectionKey key) {
    if (key.attachment() == null) {
      outcome.accept(Attacker.CLOSED);
    }
    closeQuietly(key.channel());
  }

  private static void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException closed) {
      // It was reset before.
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      closeQuietly(key.channel());
    }
    selector.close();
  }
}
