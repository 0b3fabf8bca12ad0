package ee.lmstudio.health;

import ee.lmstudio.config.Readiness;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.SdkContract;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Reports ready when LM Studio answers, or always with {@code lm-studio.readiness=self}. Returns
 * within {@link #LIMIT}.
 */
@org.eclipse.microprofile.health.Readiness
@ApplicationScoped
public class LmStudioReadiness implements HealthCheck {
  static final String NAME = "lm-studio";

  /** How long LM Studio may take to answer. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  @Inject ServerSettings settings;
  @Inject Instance<SdkContract> sdk;

  private UpstreamProbe probe;

  @PostConstruct
  void start() {
    probe = new UpstreamProbe(() -> sdk.get().healthCheck(), LIMIT, InstantSource.system());
  }

  @PreDestroy
  void stop() {
    probe.close();
  }

  @Override
  public HealthCheckResponse call() {
    return response(probe.fault(), settings.readiness());
  }

  static HealthCheckResponse response(Optional<String> fault, Readiness readiness) {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named(NAME).status(fault.isEmpty() || readiness == Readiness.SELF);
    fault.ifPresent(reason -> response.withData("reason", reason));
    return response.build();
  }
}
