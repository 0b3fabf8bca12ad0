package ee.lmstudio.health;

import ee.lmstudio.config.Readiness;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.upstreams.Machine;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Reports ready when the upstream answers, or always with {@code lm-studio.readiness=self}. Returns
 * within {@link Machine#HEALTH_LIMIT}.
 */
@org.eclipse.microprofile.health.Readiness
@ApplicationScoped
public class LmStudioReadiness implements HealthCheck {
  static final String NAME = "lm-studio";

  @Inject ServerSettings settings;
  @Inject Upstreams upstreams;

  @Override
  public HealthCheckResponse call() {
    return response(upstreams.machine().fault(), settings.readiness());
  }

  static HealthCheckResponse response(Optional<String> fault, Readiness readiness) {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named(NAME).status(fault.isEmpty() || readiness == Readiness.SELF);
    fault.ifPresent(reason -> response.withData("reason", reason));
    return response.build();
  }
}
