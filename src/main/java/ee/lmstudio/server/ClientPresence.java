package ee.lmstudio.server;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Detects that the client of a call that waits for its whole answer has disconnected.
 *
 * <p>Servlets are not notified of this, and before the answer there is nothing to write that could
 * fail. So this class looks at the server's own socket. Payara's Grizzly does not read from it
 * while a request is being answered. If a read finds the end of the stream, the client has
 * disconnected or has closed its sending side, which is treated in the same way. Over TLS and on
 * another server this is not possible, and such a call runs to its end.
 */
public final class ClientPresence {
  private final SocketChannel channel;
  private final ByteBuffer one = ByteBuffer.allocate(1);
  private boolean looking;
  private boolean lostAByte;

  private ClientPresence(SocketChannel channel) {
    this.channel = channel;
    this.looking = channel != null && !channel.isBlocking();
  }

  /** Returns an observer of the connection that this request came on. */
  public static ClientPresence of(ServletRequest request) {
    // The container's own request is asked, because a proxy in front may use TLS while this
    // socket does not.
    boolean tls = GrizzlyRequest.unwrapped(request).isSecure();
    return new ClientPresence(tls ? null : GrizzlyRequest.of(request).channel());
  }

  /** Returns whether the client has certainly disconnected. Does not block. */
  public synchronized boolean hasLeft() {
    if (!looking) {
      return false;
    }
    try {
      int read = channel.read(one);
      looking = read == 0;
      lostAByte = read > 0;
      return read < 0;
    } catch (IOException reset) {
      looking = false;
      return true;
    }
  }

  /**
   * Stops reading the socket. From now on the server reads from it again.
   *
   * @return whether the client has already sent its next request, of which this class has read one
   *     byte. The connection must then be closed after the answer, so that the client sends the
   *     request again
   */
  public synchronized boolean answered() {
    looking = false;
    return lostAByte;
  }
}
