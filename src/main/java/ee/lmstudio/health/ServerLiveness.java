package ee.lmstudio.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Reports the server as alive unless threads are deadlocked: then only a restart helps. */
@Liveness
@ApplicationScoped
public class ServerLiveness implements HealthCheck {
  /**
   * How long a result is reused. The search for deadlocks stops all threads for a moment, and
   * anybody may request it.
   */
  static final Duration FRESH = Duration.ofSeconds(5);

  private final BooleanSupplier deadlocked;
  private final InstantSource clock;

  /** Guarded by this. */
  private Instant lookedAt = Instant.MIN;

  private boolean dead;

  /** Used by CDI. */
  public ServerLiveness() {
    this(
        () -> ManagementFactory.getThreadMXBean().findDeadlockedThreads() != null,
        InstantSource.system());
  }

  ServerLiveness(BooleanSupplier deadlocked, InstantSource clock) {
    this.deadlocked = deadlocked;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("server").status(!isDead()).build();
  }

  synchronized boolean isDead() {
    Instant now = clock.instant();
    if (!now.minus(FRESH).isBefore(lookedAt)) {
      dead = deadlocked.getAsBoolean();
      lookedAt = now;
    }
    return dead;
  }
}
