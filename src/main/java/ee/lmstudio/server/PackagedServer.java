package ee.lmstudio.server;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.function.BiPredicate;

/**
 * Gives the WAR access to the launcher and the door of the packaged server. The launcher is the
 * main class of the process, so the system class loader finds it. The door is in Payara's class
 * path, so Payara's class loader finds it. On another server, neither of them exists.
 */
public final class PackagedServer {
  private static final String LAUNCHER = "ee.lmstudio.server.launcher.Serve";
  private static final String DOOR = "ee.lmstudio.server.door.Door";

  private PackagedServer() {}

  /**
   * Ends the process with this reason, if the launcher is starting the server. Otherwise returns
   * without effect.
   */
  static void startFailed(String reason) {
    callLauncher("startFailed", new Class<?>[] {String.class}, reason);
  }

  private static void callLauncher(String method, Class<?>[] types, Object... arguments) {
    try {
      ClassLoader.getSystemClassLoader()
          .loadClass(LAUNCHER)
          .getMethod(method, types)
          .invoke(null, arguments);
    } catch (ClassNotFoundException anotherServer) {
      // It needs to know nothing: it has its own way to report a failed deployment.
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The WAR and the launcher are of different versions", e);
    }
  }

  /** Tells the launcher that the server is ready, so that it prints that. */
  public static void ready() {
    callLauncher("applicationReady", new Class<?>[0]);
  }

  /**
   * Gives the door the check of host names, for the requests that the door answers itself. On
   * another server, where the application answers all requests, this method does nothing.
   *
   * @param foreign gets the {@code Host} header (null if there is none) and the called address, and
   *     returns whether the host is not a name of this server
   */
  public static void checkHosts(BiPredicate<String, String> foreign) {
    callDoor("checkHosts", new Class<?>[] {BiPredicate.class}, foreign);
  }

  /** Tells the door that the application answers requests, so that it lets them pass. */
  static void applicationAnswers() {
    callDoor("open", new Class<?>[0]);
  }

  /** Tells the door that the application is being taken down, so that it answers 503 itself. */
  static void applicationGone() {
    callDoor("close", new Class<?>[0]);
  }

  /**
   * Waits until every answer has been passed to the operating system. On another server, which does
   * not report this, it returns 0 at once.
   *
   * @param limit how long to wait at most
   * @return the number of connections that still have an unfinished answer
   */
  static int awaitWritten(Duration limit) {
    return callDoor("awaitWritten", new Class<?>[] {Duration.class}, limit) instanceof Integer left
        ? left
        : 0;
  }

  /** Calls a static method of the door, and returns its result; null on another server. */
  private static Object callDoor(String method, Class<?>[] types, Object... arguments) {
    try {
      return Class.forName(DOOR, true, PackagedServer.class.getClassLoader())
          .getMethod(method, types)
          .invoke(null, arguments);
    } catch (ClassNotFoundException anotherServer) {
      return null;
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The WAR and the door are of different versions", e);
    }
  }
}
