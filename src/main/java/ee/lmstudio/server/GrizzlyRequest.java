package ee.lmstudio.server;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The Grizzly request under a servlet request on Payara, for what the Servlet API cannot do. On
 * another server there is no such request, and each method says what it does instead.
 */
public final class GrizzlyRequest {
  private static final Logger LOG = Logger.getLogger(GrizzlyRequest.class.getName());

  /** Grizzly allows no less. */
  private static final int SMALL = 512;

  private final Object grizzly;

  private GrizzlyRequest(Object grizzly) {
    this.grizzly = grizzly;
  }

  /** Returns the request that Payara wraps in this one. */
  public static GrizzlyRequest of(ServletRequest request) {
    ServletRequest own = unwrapped(request);
    try {
      return new GrizzlyRequest(get(get(own, "getUnwrappedCoyoteRequest"), "getCoyoteRequest"));
    } catch (ReflectiveOperationException anotherServer) {
      return new GrizzlyRequest(null);
    }
  }

  /** Returns the container's own request, under all wrappers of the application. */
  static ServletRequest unwrapped(ServletRequest request) {
    ServletRequest own = request;
    while (own instanceof ServletRequestWrapper wrapper) {
      own = wrapper.getRequest();
    }
    return own;
  }

  /** Returns the socket that the request came on, or null on another server. */
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
   * Returns an action that closes the connection of this request and drops the bytes that still
   * wait to be written to it. The action may run at any later time and never blocks. On another
   * server it does nothing.
   */
  public Runnable closingAtOnce() {
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
   * Returns a question that can be asked at any later time: whether the connection of this request
   * is still open. Grizzly knows at once when a write failed, while the socket is closed a little
   * later by another thread. On another server the answer is always yes, and the next write fails.
   */
  public BooleanSupplier open() {
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
   * Makes the output buffer small. Grizzly allocates a new buffer of 8 KiB for each flush, which is
   * half of all memory that a stream of 300-byte tokens allocates, and the Servlet API can only
   * make the buffer larger. On another server the buffer keeps its size.
   */
  public void useSmallBuffers() {
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
