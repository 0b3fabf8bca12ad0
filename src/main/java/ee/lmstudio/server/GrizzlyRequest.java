package ee.lmstudio.server;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Access to the Grizzly request under a servlet request on Payara, for features that the Servlet
 * API lacks. On another server there is no Grizzly request; each method documents its effect there.
 */
public final class GrizzlyRequest {
  private static final Logger LOG = Logger.getLogger(GrizzlyRequest.class.getName());

  /** The smallest buffer that Grizzly allows. */
  private static final int SMALL = 512;

  /**
   * How many unread bytes the operating system keeps for a client. Linux keeps up to twice as many.
   */
  private static final int SEND_BUFFER = 64 * 1024;

  /** How many bytes of short answers may wait in the heap before a blocking write blocks. */
  static final int SHORT_ANSWERS = 64 * 1024;

  /** Maximum number of bytes that may wait in the heap when the client sends another request. */
  static final int MOST_UNREAD = 16 * 1024;

  /** How many requests of one connection a thread answers in a row. */
  static final int TURN = 8;

  private static final String TURN_ATTRIBUTE = GrizzlyRequest.class.getName() + ".turn";

  private final Object grizzly;

  /** Found when it is needed first. */
  private Object connection;

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
    return closing("terminateSilently");
  }

  /**
   * Returns an action that closes the connection of this request as soon as the bytes in its write
   * queue are written. The action may run at any later time and never blocks. On another server it
   * does nothing.
   */
  public Runnable closing() {
    return closing("closeSilently");
  }

  private Runnable closing(String method) {
    try {
      // The action must not hold the request, because the server reuses it. It holds the
      // connection weakly, because a closed connection still refers to its last request.
      Reference<Object> toClose = new WeakReference<>(grizzly == null ? null : connection());
      return () -> close(toClose.get(), method);
    } catch (ReflectiveOperationException anotherServer) {
      return () -> {};
    }
  }

  private static void close(Object toClose, String method) {
    try {
      if (toClose != null) {
        get(toClose, method);
      }
    } catch (ReflectiveOperationException anotherServer) {
      LOG.log(Level.WARNING, "A connection could not be closed", anotherServer);
    }
  }

  /**
   * Returns a function that tells whether the connection of this request is still open. It may be
   * called at any later time. Grizzly knows at once when a write has failed, but another thread
   * closes the socket a little later. On another server the function always returns true, and the
   * next write fails.
   */
  public BooleanSupplier open() {
    try {
      if (grizzly == null) {
        return () -> true;
      }
      MethodHandle open =
          MethodHandles.publicLookup()
              .unreflect(connection().getClass().getMethod("isOpen"))
              .bindTo(connection());
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
    if (connection == null) {
      connection = get(get(grizzly, "getContext"), "getConnection");
    }
    return connection;
  }

  /**
   * Limits the bytes that wait for a client that does not read: about {@code bytes} in the heap,
   * and {@link #SEND_BUFFER} in the operating system, which otherwise keeps up to 4 MiB for each
   * connection. If more wait, a blocking write blocks, and asynchronous output is not ready.
   * Grizzly closes the connection if one write exceeds four times {@code bytes} (the factor belongs
   * to the whole transport), so write at most {@code bytes} at once. On another server, this method
   * does nothing.
   */
  public void limitUnread(int bytes) {
    if (grizzly == null) {
      return;
    }
    try {
      int most = (int) get(connection(), "getMaxAsyncWriteQueueSize");
      if (most != bytes) {
        set(connection(), "setMaxAsyncWriteQueueSize", bytes);
      }
      SocketChannel socket = channel();
      if (socket != null) {
        socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      }
    } catch (ReflectiveOperationException anotherServer) {
      // The queue keeps its length.
    } catch (IOException closed) {
      LOG.log(Level.FINE, "The client has left already: {0}", closed.toString());
    }
  }

  /**
   * Makes room for a short answer, so that writing it does not block whatever the client reads. If
   * the client has not read {@link #MOST_UNREAD} bytes of the answers to its earlier requests, its
   * connection is closed instead. On another server this always returns true.
   *
   * @return whether the request can be answered; false also if its connection was closed already
   *     and Grizzly still processes what the client has sent together
   */
  public boolean makeRoom() {
    if (grizzly == null) {
      return true;
    }
    try {
      if ((int) get(get(connection(), "getAsyncWriteQueue"), "spaceInBytes") > MOST_UNREAD) {
        get(connection(), "terminateSilently");
        return false;
      }
      if (!(boolean) get(connection(), "isOpen")) {
        return false;
      }
    } catch (ReflectiveOperationException anotherServer) {
      return true;
    }
    limitUnread(SHORT_ANSWERS);
    return true;
  }

  /**
   * Counts this request, and returns whether its thread has answered {@link #TURN} requests of this
   * connection one after the other. That happens if the client sends requests without waiting for
   * the answers: Grizzly answers them all on one thread, and other clients wait for it. On another
   * server this always returns false.
   */
  public boolean endsTurn() {
    if (grizzly == null) {
      return false;
    }
    try {
      Object attributes = get(connection(), "getAttributes");
      Thread now = Thread.currentThread();
      // Classes of the JDK, because the connection may outlive this application.
      int count =
          call(attributes, "getAttribute", TURN_ATTRIBUTE) instanceof Object[] before
                  && before[0] == now
              ? 1 + (int) before[1]
              : 1;
      attributes
          .getClass()
          .getMethod("setAttribute", String.class, Object.class)
          .invoke(attributes, TURN_ATTRIBUTE, new Object[] {now, count});
      return count >= TURN;
    } catch (ReflectiveOperationException anotherServer) {
      return false;
    }
  }

  private static Object call(Object of, String method, String argument)
      throws ReflectiveOperationException {
    return of.getClass().getMethod(method, String.class).invoke(of, argument);
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
      set(get(get(grizzly, "getResponse"), "getOutputBuffer"), "setBufferSize", SMALL);
    } catch (ReflectiveOperationException anotherServer) {
      // The buffer keeps its size.
    }
  }

  /**
   * Makes Grizzly write a complete head for the answer to a request that offers another protocol.
   * Without this, Grizzly leaves the answer to that protocol: the head has no {@code Content-Type},
   * and an answer of unknown length is not sent in chunks. Grizzly still does not decode the body
   * of the request, and closes the connection after the answer. On another server, this method does
   * nothing.
   */
  public void declineUpgrade() {
    if (grizzly == null) {
      return;
    }
    try {
      Object head = get(grizzly, "getRequest");
      head.getClass().getMethod("setIgnoreContentModifiers", boolean.class).invoke(head, false);
    } catch (ReflectiveOperationException anotherServer) {
      // That server writes a complete head, or the client has to guess the type of the answer.
    }
  }

  private static void set(Object of, String method, int value) throws ReflectiveOperationException {
    of.getClass().getMethod(method, int.class).invoke(of, value);
  }

  private static Object get(Object of, String method) throws ReflectiveOperationException {
    return of.getClass().getMethod(method).invoke(of);
  }
}
