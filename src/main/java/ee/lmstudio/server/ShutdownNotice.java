package ee.lmstudio.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A listener for Payara's announcement that the server is about to stop. Payara announces this
 * before it takes anything down, and waits for the listeners. The classes of Payara are found by
 * reflection, because the WAR also runs on other servers, which make no such announcement.
 */
final class ShutdownNotice implements InvocationHandler {
  private static final Logger LOG = Logger.getLogger(ShutdownNotice.class.getName());

  /** {@code EventTypes.PREPARE_SHUTDOWN_NAME}. */
  private static final String PREPARE_SHUTDOWN = "prepare_shutdown";

  private final Runnable stop;
  private Object events;
  private Object listener;

  ShutdownNotice(Runnable stop) {
    this.stop = stop;
  }

  void subscribe() {
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      Class<?> type = loader.loadClass("org.glassfish.api.event.Events");
      Class<?> listenerType = loader.loadClass("org.glassfish.api.event.EventListener");
      events =
          loader
              .loadClass("org.glassfish.internal.api.Globals")
              .getMethod("get", Class.class)
              .invoke(null, type);
      listener = Proxy.newProxyInstance(loader, new Class<?>[] {listenerType}, this);
      type.getMethod("register", listenerType).invoke(events, listener);
    } catch (ClassNotFoundException anotherServer) {
      LOG.log(Level.FINE, "This server does not announce its stop", anotherServer);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "Could not subscribe to the server's stop announcement: while the server stops, new"
              + " requests get the server's own error page",
          e);
    }
  }

  void unsubscribe() {
    if (listener == null) {
      return;
    }
    try {
      Class<?> listenerType = listener.getClass().getInterfaces()[0];
      events.getClass().getMethod("unregister", listenerType).invoke(events, listener);
    } catch (ReflectiveOperationException e) {
      LOG.log(Level.WARNING, "Could not unsubscribe from the server's stop announcement", e);
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    return switch (method.getName()) {
      case "event" -> {
        Object event = arguments[0];
        if (PREPARE_SHUTDOWN.equals(event.getClass().getMethod("name").invoke(event))) {
          stop.run();
        }
        yield null;
      }
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "ShutdownNotice";
    };
  }
}
