package ee.lmstudio.server.launcher;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;

/**
 * Lets the application answer requests whose path cannot be decoded or leads out of the root, and
 * requests with an empty {@code Host}.
 *
 * <p>Without this class, Payara answers them itself before any filter runs. It answers an empty
 * {@code Host}, and a percent sign without two digits, with 200 and no body. It answers the other
 * paths with 400 and no headers. So this class looks at each request before Payara reads its path,
 * replaces a bad path by a readable one, and marks the request with {@value #MARK}.
 *
 * <p>It is a Grizzly probe: the only hook before that point which can be added to a running server.
 */
final class PathCheck implements InvocationHandler {
  /** Attribute of a request whose path was replaced. */
  static final String MARK = "ee.lmstudio.malformed-path";

  /** Replaces an empty host. No server has this name. */
  private static final String NO_HOST = "-";

  private static final String GRIZZLY = "org.glassfish.grizzly.http.";
  private final Method packet;
  private final Method setAttribute;
  private final Method getUri;
  private final Method setUri;
  private final Method getHeader;
  private final Method setHeader;
  private final Method reference;
  private final Method decoded;

  private PathCheck(ClassLoader server) throws ReflectiveOperationException {
    Class<?> request = server.loadClass(GRIZZLY + "server.Request");
    Class<?> packetType = server.loadClass(GRIZZLY + "HttpRequestPacket");
    packet = request.getMethod("getRequest");
    setAttribute = request.getMethod("setAttribute", String.class, Object.class);
    getUri = packetType.getMethod("getRequestURI");
    setUri = packetType.getMethod("setRequestURI", String.class);
    getHeader = packetType.getMethod("getHeader", String.class);
    setHeader = packetType.getMethod("setHeader", String.class, String.class);
    reference = packetType.getMethod("getRequestURIRef");
    decoded = server.loadClass(GRIZZLY + "util.RequestURIRef").getMethod("getDecodedURI");
  }

  /**
   * Starts to check the requests of every listener.
   *
   * @param server the class loader of the running Payara Micro
   * @throws ReflectiveOperationException if the running Payara Micro is not the packaged version
   */
  static void install(ClassLoader server) throws ReflectiveOperationException {
    PathCheck check = new PathCheck(server);
    Class<?> probe = server.loadClass(GRIZZLY + "server.HttpServerProbe");
    Class<?> filterType = server.loadClass(GRIZZLY + "server.HttpServerFilter");
    Class<?> serviceType = server.loadClass("com.sun.enterprise.v3.services.impl.GrizzlyService");
    Object service =
        server
            .loadClass("org.glassfish.internal.api.Globals")
            .getMethod("get", Class.class)
            .invoke(null, serviceType);
    Object[] probes = (Object[]) Array.newInstance(probe, 1);
    probes[0] = Proxy.newProxyInstance(server, new Class<?>[] {probe}, check);
    Field proxies = serviceType.getDeclaredField("proxies");
    proxies.setAccessible(true);
    for (Object proxy : (Collection<?>) proxies.get(service)) {
      Object listener = proxy.getClass().getMethod("getUnderlyingListener").invoke(proxy);
      Collection<?> filters =
          (Collection<?>)
              listener.getClass().getMethod("getFilters", Class.class).invoke(listener, filterType);
      for (Object filter : filters) {
        Object monitoring = filterType.getMethod("getMonitoringConfig").invoke(filter);
        server
            .loadClass("org.glassfish.grizzly.monitoring.MonitoringConfig")
            .getMethod("addProbes", Object[].class)
            .invoke(monitoring, (Object) probes);
      }
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    return switch (method.getName()) {
      case "onRequestReceiveEvent" -> {
        look(arguments[2]);
        yield null;
      }
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "PathCheck";
      default -> null;
    };
  }

  private void look(Object request) throws ReflectiveOperationException {
    Object received = packet.invoke(request);
    String host = (String) getHeader.invoke(received, "Host");
    if (host != null && (host.isBlank() || host.strip().startsWith(":"))) {
      setHeader.invoke(received, "Host", NO_HOST);
    }
    if (!isServable(received)) {
      setUri.invoke(received, RequestPath.harmless((String) getUri.invoke(received)));
      setAttribute.invoke(request, MARK, true);
    }
  }

  private boolean isServable(Object received) throws ReflectiveOperationException {
    try {
      return RequestPath.isServable((String) decoded.invoke(reference.invoke(received)));
    } catch (InvocationTargetException undecodable) {
      return false;
    }
  }
}
