package ee.lmstudio.health;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.Readiness;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.spi.HealthCheckResponseProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HealthChecksTest {

  /** The implementation of MicroProfile Health that the server has. */
  private static final class Builder extends HealthCheckResponseBuilder
      implements HealthCheckResponseProvider {
    private final Map<String, Object> data = new HashMap<>();
    private String name;
    private boolean up;

    @Override
    public HealthCheckResponseBuilder createResponseBuilder() {
      return new Builder();
    }

    @Override
    public HealthCheckResponseBuilder name(String value) {
      name = value;
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, String value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, long value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, boolean value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder up() {
      return status(true);
    }

    @Override
    public HealthCheckResponseBuilder down() {
      return status(false);
    }

    @Override
    public HealthCheckResponseBuilder status(boolean value) {
      up = value;
      return this;
    }

    @Override
    public HealthCheckResponse build() {
      return new HealthCheckResponse(
          name,
          up ? HealthCheckResponse.Status.UP : HealthCheckResponse.Status.DOWN,
          data.isEmpty() ? Optional.empty() : Optional.of(data));
    }
  }

  @BeforeAll
  static void bringProvider() {
    HealthCheckResponse.setResponseProvider(new Builder());
  }

  @AfterAll
  static void takeProviderAway() {
    HealthCheckResponse.setResponseProvider(null);
  }

  private static HealthCheckResponse readiness(String fault, Readiness readiness) {
    return LmStudioReadiness.response(Optional.ofNullable(fault), readiness);
  }

  @Test
  void readiness_dependsOnLmStudioUnlessSelf() {
    assertThat(readiness(null, Readiness.UPSTREAM).getStatus())
        .isEqualTo(HealthCheckResponse.Status.UP);
    HealthCheckResponse away = readiness("upstream_unreachable", Readiness.UPSTREAM);
    assertThat(away.getName()).isEqualTo("lm-studio");
    assertThat(away.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    assertThat(away.getData()).contains(Map.of("reason", "upstream_unreachable"));
    HealthCheckResponse self = readiness("upstream_unreachable", Readiness.SELF);
    assertThat(self.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    assertThat(self.getData()).contains(Map.of("reason", "upstream_unreachable"));
  }

  @Test
  void startup_isUpAfterTheStart() {
    ServerStartup startup = new ServerStartup();
    assertThat(startup.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    startup.start("context");
    assertThat(startup.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
  }

  @Test
  void liveness_isDownInADeadlockAndLooksSeldom() {
    AtomicInteger looks = new AtomicInteger();
    Instant[] now = {Instant.EPOCH};
    ServerLiveness liveness = new ServerLiveness(() -> looks.incrementAndGet() > 1, () -> now[0]);
    assertThat(liveness.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    liveness.call();
    assertThat(looks).hasValue(1);
    now[0] = now[0].plus(ServerLiveness.FRESH);
    assertThat(liveness.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    assertThat(looks).hasValue(2);
  }

  @Test
  void answer_isUpOnlyIfEveryCheckIs() {
    HealthCheck up = () -> HealthCheckResponse.up("a");
    HealthCheck down = () -> readiness("upstream_unreachable", Readiness.UPSTREAM);
    HealthCheck defective =
        () -> {
          throw new IllegalStateException("canary");
        };
    assertThat(HealthServlet.run(List.of(up)))
        .hasToString(
            "{\"status\":\"UP\",\"checks\":[{\"name\":\"a\",\"status\":\"UP\",\"data\":{}}]}");
    assertThat(HealthServlet.run(List.of(up, down)).toString())
        .startsWith("{\"status\":\"DOWN\"")
        .contains("{\"reason\":\"upstream_unreachable\"}");
    assertThat(HealthServlet.run(List.of(defective)).toString())
        .startsWith("{\"status\":\"DOWN\"")
        .doesNotContain("canary");
  }
}
