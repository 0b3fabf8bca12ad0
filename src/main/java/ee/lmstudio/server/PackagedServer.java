package ee.lmstudio.server;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.function.BiPredicate;

/**
 * The launcher and the door of the packaged server, seen from the WAR inside it. The launcher is
 * the main class of the process, so that the system class loader finds it. The door is in front of
 * Payara, so that Payara's class loader finds it. On another server, neither is there.
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

  /**
   * Gives the door the check of host names, for the requests that the door answers itself. Without
   * effect on another server, where the application answers all requests.
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

  /** Tells the door that the application is gone, so that it answers 503 itself. */
  static void applicationGone() {
    callDoor("close", new Class<?>[0]);
  }

  /**
   * Waits until every answer has been given to the operating system. Returns at once on another
   * server, which does not tell.
   *
   * @param limit how long to wait at most
   * @return how many connections still have an unfinished answer
   */
  static int awaitWritten(Duration limit) {
    return callDoor("awaitWritten", new Class<?>[] {Duration.class}, limit) instanceof Integer left
        ? left
        : 0;
  }

  /** Returns what the method returns; null on another server. */
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
