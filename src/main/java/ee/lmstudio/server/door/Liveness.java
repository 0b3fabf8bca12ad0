package ee.lmstudio.server.door;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.glassfish.grizzly.http.HttpRequestPacket;

/**
 * Says whether the process is alive: it is, unless threads are deadlocked. The answer is that of
 * the WAR's health check, which other servers use.
 */
final class Liveness {
  private final BooleanSupplier deadlocked;
  private volatile boolean dead;

  Liveness() {
    this(() -> ManagementFactory.getThreadMXBean().findDeadlockedThreads() != null);
  }

  Liveness(BooleanSupplier deadlocked) {
    this.deadlocked = deadlocked;
  }

  /** Looks for deadlocks. This stops all threads for a moment. */
  void look() {
    dead = deadlocked.getAsBoolean();
  }

  /** Returns the result of the last look as the answer to a request. */
  Answer in(HttpRequestPacket request) {
    String status = dead ? "DOWN" : "UP";
    String body =
        "{\"status\":\"%s\",\"checks\":[{\"name\":\"server\",\"status\":\"%s\",\"data\":{}}]}"
            .formatted(status, status);
    return new Answer(
        dead ? 503 : 200, "application/json", body, Answer.requestId(request), Map.of());
  }
}
