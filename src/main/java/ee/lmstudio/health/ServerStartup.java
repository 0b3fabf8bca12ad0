package ee.lmstudio.health;

import ee.lmstudio.config.Priorities;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started when everything that starts with the application has done so without a fault. */
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
    return HealthCheckResponse.named("server").status(started).build();
  }
}
