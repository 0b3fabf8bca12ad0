package ee.lmstudio.sdk.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How LM Studio is. What it does not say is empty.
 *
 * @param status {@code ok}, or what LM Studio's {@code /health} says
 * @param lmstudioVersion exact or as far as the surfaces that answer tell, such as {@code 0.4.0+}
 * @param apiVersion of the 0.2 family
 * @param modelsLoaded how many models are loaded
 * @param uptime since LM Studio started
 */
public record HealthStatus(
    String status,
    Optional<String> lmstudioVersion,
    Optional<String> apiVersion,
    OptionalInt modelsLoaded,
    Optional<Duration> uptime) {
  public HealthStatus {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(lmstudioVersion, "lmstudioVersion");
    Objects.requireNonNull(apiVersion, "apiVersion");
    Objects.requireNonNull(modelsLoaded, "modelsLoaded");
    Objects.requireNonNull(uptime, "uptime");
  }
}
