package ee.lmstudio.server;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Notices that the client of a call that waits for its whole answer has left.
 *
 * <p>Servlets are not told, and there is nothing to write that could fail. So this looks at the
 * server's own socket: Payara's Grizzly does not read from it while a request is answered, and a
 * read that finds the end of the stream says that the client is gone, or has closed its side, which
 * is taken for the same. Over TLS, and on another server, it cannot look, and such a call runs to
 * its end.
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

  /** Looks at the connection that this request came on. */
  public static ClientPresence of(ServletRequest request) {
    // The container's own word: a proxy before us may speak TLS while our socket does not.
    boolean tls = GrizzlyRequest.unwrapped(request).isSecure();
    return new ClientPresence(tls ? null : GrizzlyRequest.of(request).channel());
  }

  /** Whether the client has certainly left. Does not block. */
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
   * Looks no more: from now on the server reads from the socket again.
   *
   * @return whether the client sent more, its next request, of which a byte is lost: this
   *     connection must end with the answer, so that the client sends it again
   */
  public synchronized boolean answered() {
    looking = false;
    return lostAByte;
  }
}
