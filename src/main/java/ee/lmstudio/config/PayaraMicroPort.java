package ee.lmstudio.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * Asks Payara Micro for its HTTP port. By reflection, so that the WAR runs on other servers, too,
 * and needs no 100 MB artifact to compile.
 */
final class PayaraMicroPort {
  private static final System.Logger LOG = System.getLogger(PayaraMicroPort.class.getName());

  private PayaraMicroPort() {}

  /** The port it listens on, also one that it chose itself; empty if this is no Payara Micro. */
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
    } catch (ClassNotFoundException e) {
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
