package ee.lmstudio.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A listener for one of Payara's own events. Payara waits for the listeners. Its classes are found
 * by reflection, because the WAR also runs on other servers, which have no such events.
 */
final class ServerEvents implements InvocationHandler {
  /**
   * Sent before anything is taken down: {@code EventTypes.PREPARE_SHUTDOWN_NAME}. Without it, new
   * requests get the server's own error page while the server stops.
   */
  static final String STOPPING = "prepare_shutdown";

  /** Sent when an application can answer requests: {@code Deployment.APPLICATION_STARTED}. */
  static final String STARTED = "Application_Running";

  private static final Logger LOG = Logger.getLogger(ServerEvents.class.getName());

  private final String name;
  private final Runnable action;
  private Object events;
  private Object listener;

  /** Creates a listener that runs {@code action} at each event with this name. */
  ServerEvents(String name, Runnable action) {
    this.name = name;
    this.action = action;
  }

  /** Subscribes to the event. Returns false if the server does not send it. */
  boolean subscribe() {
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
      return true;
    } catch (ClassNotFoundException anotherServer) {
      LOG.log(Level.FINE, "This server does not send the event " + name, anotherServer);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(Level.WARNING, "Could not subscribe to the server's event " + name, e);
    }
    return false;
  }

  void unsubscribe() {
    if (listener == null) {
      return;
    }
    try {
      Class<?> listenerType = listener.getClass().getInterfaces()[0];
      events.getClass().getMethod("unregister", listenerType).invoke(events, listener);
    } catch (ReflectiveOperationException e) {
      LOG.log(Level.WARNING, "Could not unsubscribe from the server's event " + name, e);
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    return switch (method.getName()) {
      case "event" -> {
        Object event = arguments[0];
        if (name.equals(event.getClass().getMethod("name").invoke(event))) {
          action.run();
        }
        yield null;
      }
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "ServerEvents";
    };
  }
}
