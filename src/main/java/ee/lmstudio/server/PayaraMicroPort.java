package ee.lmstudio.server;

import ee.lmstudio.config.Priorities;
import ee.lmstudio.config.ServerAddress;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.OptionalInt;

/**
 * Asks Payara Micro for its HTTP port when the application starts. It does so by reflection, so
 * that the WAR also runs on other servers and compiles without an artifact of 100 MB.
 */
@ApplicationScoped
public class PayaraMicroPort {
  private static final System.Logger LOG = System.getLogger(PayaraMicroPort.class.getName());

  void start(
      @Observes @Priority(Priorities.ADDRESS) @Initialized(ApplicationScoped.class)
          ServletContext context,
      ServerAddress address) {
    find().ifPresent(address::learnPort);
  }

  /**
   * Returns the port that Payara Micro listens on, also one that it chose itself. Empty on another
   * server.
   */
  static OptionalInt find() {
    try {
      Class<?> type =
          Class.forName(
              "fish.payara.micro.PayaraMicro",
              true,
              Thread.currentThread().getContextClassLoader());
      Object runtime = call(type.getMethod("getInstance").invoke(null), "getRuntime");
      // The descriptor knows the port that was bound; PayaraMicro.getHttpPort the one asked for.
      Object ports = call(call(runtime, "getLocalDescriptor"), "getHttpPorts");
      return ((List<?>) ports).stream().mapToInt(port -> (Integer) port).findFirst();
    } catch (ClassNotFoundException anotherServer) {
      return OptionalInt.empty();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "Payara Micro does not tell its port", e);
      return OptionalInt.empty();
    }
  }

  /** Calls a method as the public types declare it: the object's own class is not accessible. */
  private static Object call(Object target, String method) throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }
}
