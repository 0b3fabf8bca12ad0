package ee.lmstudio.server;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;

/** Tells when the container's thread that has suspended a request has left that request. */
public final class ServiceThread {
  /** Payara's own condition: while it is true, a dispatch waits until that thread leaves. */
  private static final String DELAYS = "isDelayAsyncDispatchAndComplete";

  private static final AsyncListener NOTHING = new Nothing();

  private ServiceThread() {}

  /**
   * Returns whether the thread that suspended a request has left the container's code, so that
   * another thread can dispatch the request. If the other thread dispatches it while that thread is
   * leaving, Payara may lose the dispatch, and nobody answers the request. On another server, the
   * method asks whether a listener can still be added, which the Servlet API forbids from about the
   * same moment on.
   */
  public static boolean hasLeft(AsyncContext context) {
    try {
      Method delays = context.getClass().getDeclaredMethod(DELAYS);
      delays.setAccessible(true);
      return !(boolean) delays.invoke(context);
    } catch (ReflectiveOperationException | InaccessibleObjectException anotherServer) {
      return !acceptsListeners(context);
    }
  }

  private static boolean acceptsListeners(AsyncContext context) {
    try {
      context.addListener(NOTHING);
      return true;
    } catch (IllegalStateException left) {
      return false;
    }
  }

  private static final class Nothing implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      // Nothing to do.
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // Nothing to do.
    }

    @Override
    public void onError(AsyncEvent event) {
      // Nothing to do.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Nothing to do.
    }
  }
}
