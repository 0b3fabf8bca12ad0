package ee.lmstudio.http.events;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What lies under a servlet request on Payara, for what servlets cannot ask. On another server
 * there is nothing, and each method says what follows from that.
 */
final class GrizzlyRequest {
  private static final Logger LOG = Logger.getLogger(GrizzlyRequest.class.getName());

  /** Grizzly allows no less. */
  private static final int SMALL = 512;

  private final Object grizzly;

  private GrizzlyRequest(Object grizzly) {
    this.grizzly = grizzly;
  }

  static GrizzlyRequest of(ServletRequest request) {
    ServletRequest own = unwrapped(request);
    try {
      return new GrizzlyRequest(get(get(own, "getUnwrappedCoyoteRequest"), "getCoyoteRequest"));
    } catch (ReflectiveOperationException anotherServer) {
      return new GrizzlyRequest(null);
    }
  }

  /** The container's own request. */
  static ServletRequest unwrapped(ServletRequest request) {
    ServletRequest own = request;
    while (own instanceof ServletRequestWrapper wrapper) {
      own = wrapper.getRequest();
    }
    return own;
  }

  /** The socket that the request came on; null on another server. */
  SocketChannel channel() {
    try {
      return grizzly != null && get(connection(), "getChannel") instanceof SocketChannel socket
          ? socket
          : null;
    } catch (ReflectiveOperationException anotherServer) {
      return null;
    }
  }

  /**
   * Closes the connection that the request came on, at any time later, and drops what waits to be
   * written to it. Never blocks. On another server it does nothing: that one has its own limits.
   */
  Runnable closingAtOnce() {
    try {
      // Not the request: the server uses that again, for others.
      Object connection = grizzly == null ? null : connection();
      return () -> closeAtOnce(connection);
    } catch (ReflectiveOperationException anotherServer) {
      return () -> {};
    }
  }

  private static void closeAtOnce(Object connection) {
    try {
      if (connection != null) {
        get(connection, "terminateSilently");
      }
    } catch (ReflectiveOperationException anotherServer) {
      LOG.log(Level.WARNING, "A connection that nobody reads could not be closed", anotherServer);
    }
  }

  /**
   * Whether the connection that the request came on still stands, at any time later. Grizzly knows
   * at once when a write failed; the socket is closed a little later, by another thread. On another
   * server it always says yes: there the next write tells.
   */
  BooleanSupplier open() {
    try {
      if (grizzly == null) {
        return () -> true;
      }
      Object connection = connection();
      MethodHandle open =
          MethodHandles.publicLookup()
              .unreflect(connection.getClass().getMethod("isOpen"))
              .bindTo(connection);
      return () -> isOpen(open);
    } catch (ReflectiveOperationException anotherServer) {
      return () -> true;
    }
  }

  private static boolean isOpen(MethodHandle open) {
    try {
      return (boolean) open.invokeExact();
    } catch (RuntimeException | Error defect) {
      throw defect;
    } catch (Throwable checked) {
      throw new IllegalStateException(checked);
    }
  }

  private Object connection() throws ReflectiveOperationException {
    return get(get(grizzly, "getContext"), "getConnection");
  }

  /**
   * Makes the output buffer small. Grizzly takes a fresh one for each flush, 8 KiB, which for a
   * token of 300 bytes is half of all memory that a stream takes; servlets can only make it larger.
   * On another server it stays as it is.
   */
  void useSmallBuffers() {
    if (grizzly == null) {
      return;
    }
    try {
      Object buffer = get(get(grizzly, "getResponse"), "getOutputBuffer");
      buffer.getClass().getMethod("setBufferSize", int.class).invoke(buffer, SMALL);
    } catch (ReflectiveOperationException anotherServer) {
      // Then it is only larger.
    }
  }

  private static Object get(Object of, String method) throws ReflectiveOperationException {
    return of.getClass().getMethod(method).invoke(of);
  }
}
