package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How fast an answer came, as seen from here.
 *
 * @param timeToFirstToken from the post that succeeded to the first fragment; empty if there was
 *     none
 * @param duration from the post that succeeded to the end of the answer
 * @param tokensPerSecond of the time after the first token; 0 if it cannot be told
 * @param server LM Studio's own {@code stats}
 */
public record GenerationStats(
    Optional<Duration> timeToFirstToken,
    Duration duration,
    double tokensPerSecond,
    ServerStats server) {
  /** Nothing was measured, nothing was sent. */
  public static final GenerationStats NONE = of(ServerStats.NONE);

  /** Checks that nothing is null. */
  public GenerationStats {
    Objects.requireNonNull(timeToFirstToken, "timeToFirstToken");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(server, "server");
  }

  /** What LM Studio measured; nothing of ours. */
  static GenerationStats of(ServerStats server) {
    return new GenerationStats(Optional.empty(), Duration.ZERO, 0, server);
  }

  /** {@return the figures as the HTTP contract has them: ours, and LM Studio's beside it} */
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
