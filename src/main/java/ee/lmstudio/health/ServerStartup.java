package ee.lmstudio.health;

import ee.lmstudio.config.Priorities;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Reports the server as started after all start-up observers have returned without an exception.
 */
@Startup
@ApplicationScoped
public class ServerStartup implements HealthCheck {
  private volatile boolean started;

  void start(
      @Observes @Priority(Priorities.LAST) @Initialized(ApplicationScoped.class) Object context) {
    started = true;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("startup").status(started).build();
  }
}
