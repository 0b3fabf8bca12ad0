package ee.lmstudio.server;

import java.lang.reflect.InvocationTargetException;

/**
 * The launcher of the packaged server, seen from the WAR inside it. The launcher is the main class
 * of the process, so that the system class loader finds it; on another server it is not there.
 */
final class PackagedServer {
  private static final String LAUNCHER = "ee.lmstudio.server.launcher.Serve";

  private PackagedServer() {}

  /**
   * Ends the process with this reason, if the launcher is starting the server. Otherwise returns
   * without effect.
   */
  static void startFailed(String reason) {
    try {
      ClassLoader.getSystemClassLoader()
          .loadClass(LAUNCHER)
          .getMethod("startFailed", String.class)
          .invoke(null, reason);
    } catch (ClassNotFoundException anotherServer) {
      // The failed deployment tells the reason there.
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The WAR and the launcher are of different versions", e);
    }
  }
}
