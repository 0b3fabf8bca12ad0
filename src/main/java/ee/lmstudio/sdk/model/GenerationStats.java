package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds times and speed of an answer as the SDK measured them.
 *
 * @param timeToFirstToken time from the request that succeeded to the first token; empty if there
 *     was no token
 * @param duration time from the request that succeeded to the end of the answer
 * @param tokensPerSecond speed after the first token; 0 if it cannot be computed
 * @param server LM Studio's own {@code stats}
 */
public record GenerationStats(
    Optional<Duration> timeToFirstToken,
    Duration duration,
    double tokensPerSecond,
    ServerStats server) {
  /** Used if the SDK measured nothing and LM Studio sent nothing. */
  public static final GenerationStats NONE = of(ServerStats.NONE);

  /** Checks that nothing is null. */
  public GenerationStats {
    Objects.requireNonNull(timeToFirstToken, "timeToFirstToken");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(server, "server");
  }

  /** Returns statistics with LM Studio's values only. */
  static GenerationStats of(ServerStats server) {
    return new GenerationStats(Optional.empty(), Duration.ZERO, 0, server);
  }

  /**
   * {@return the statistics as JSON in the format of the HTTP API: the SDK's values, and LM
   * Studio's values in a field of their own}
   */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder();
    timeToFirstToken.ifPresent(time -> json.add("time_to_first_token_ms", time.toMillis()));
    json.add("duration_ms", duration.toMillis());
    json.add("tokens_per_second", Math.round(tokensPerSecond * 100) / 100.0);
    for (var field : server.json().entrySet()) {
      boolean ours = field.getKey().equals("tokens_per_second");
      if (!ours && field.getValue() != JsonValue.NULL) {
        json.add(field.getKey(), field.getValue());
      }
    }
    return json.build();
  }
}
