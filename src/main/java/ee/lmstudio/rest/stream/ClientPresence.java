package ee.lmstudio.rest.stream;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Notices that the client of a call that waits for its whole answer has left.
 *
 * <p>Servlets are not told, and there is nothing to write that could fail. So this looks at the
 * server's own socket: Payara's Grizzly does not read from it while a request is answered, and a
 * read that finds the end of the stream says that the client is gone. Over TLS, and on another
 * server, it cannot look, and such a call runs to its end.
 */
final class ClientPresence {
  private final SocketChannel channel;
  private final ByteBuffer one = ByteBuffer.allocate(1);
  private boolean looking;

  private ClientPresence(SocketChannel channel) {
    this.channel = channel;
    this.looking = channel != null && !channel.isBlocking();
  }

  static ClientPresence of(ServletRequest request) {
    return new ClientPresence(request.isSecure() ? null : channel(request));
  }

  /** Whether the client has certainly left. Does not block. */
  synchronized boolean hasLeft() {
    if (!looking) {
      return false;
    }
    try {
      int read = channel.read(one);
      // More from the client is its next request, of which a byte is now lost: look no more.
      looking = read == 0;
      return read < 0;
    } catch (IOException reset) {
      looking = false;
      return true;
    }
  }

  /** Looks no more: from now on the server reads from the socket again. */
  synchronized void answered() {
    looking = false;
  }

  private static SocketChannel channel(ServletRequest request) {
    ServletRequest own = request;
    while (own instanceof ServletRequestWrapper wrapper) {
      own = wrapper.getRequest();
    }
    try {
      Object catalina = own.getClass().getMethod("getUnwrappedCoyoteRequest").invoke(own);
      Object grizzly = catalina.getClass().getMethod("getCoyoteRequest").invoke(catalina);
      Object context = grizzly.getClass().getMethod("getContext").invoke(grizzly);
      Object connection = context.getClass().getMethod("getConnection").invoke(context);
      Object channel = connection.getClass().getMethod("getChannel").invoke(connection);
      return channel instanceof SocketChannel socket ? socket : null;
    } catch (ReflectiveOperationException anotherServer) {
      return null;
    }
  }
}
