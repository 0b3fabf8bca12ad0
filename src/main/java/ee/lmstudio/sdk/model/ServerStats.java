package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Holds LM Studio's own {@code stats} of an answer. {@code /api/v0} sends them, {@code /v1} of
 * version 0.4 does not. Values that LM Studio does not send are empty.
 *
 * @param json the object as LM Studio sent it; an empty object if there is none
 */
public record ServerStats(JsonObject json) {
  /** Statistics without values. */
  public static final ServerStats NONE = new ServerStats(JsonValue.EMPTY_JSON_OBJECT);

  private static final double LONGEST_SECONDS = 1e9;

  /** Checks that nothing is null. */
  public ServerStats {
    Objects.requireNonNull(json, "json");
  }

  /** {@return the number of tokens generated per second} */
  public OptionalDouble tokensPerSecond() {
    return JsonText.number(json, "tokens_per_second");
  }

  /** {@return the time from the request to the first token} */
  public Optional<Duration> timeToFirstToken() {
    return seconds("time_to_first_token");
  }

  /** {@return the time from the first token to the last} */
  public Optional<Duration> generationTime() {
    return seconds("generation_time");
  }

  /**
   * {@return the reason why the generation ended, in LM Studio's terms: {@code eosFound}, {@code
   * stopStringFound}, {@code maxPredictedTokensReached} and others}
   */
  public Optional<String> stopReason() {
    return JsonText.string(json, "stop_reason");
  }

  /** {@return the id of the draft model} */
  public Optional<String> draftModel() {
    return JsonText.string(json, "draft_model");
  }

  /** {@return how many tokens the draft model proposed} */
  public OptionalInt totalDraftTokens() {
    return Usage.count(json, "total_draft_tokens_count");
  }

  /** {@return how many proposed tokens were accepted} */
  public OptionalInt acceptedDraftTokens() {
    return Usage.count(json, "accepted_draft_tokens_count");
  }

  /** {@return how many proposed tokens were rejected} */
  public OptionalInt rejectedDraftTokens() {
    return Usage.count(json, "rejected_draft_tokens_count");
  }

  /** {@return how many proposed tokens were ignored} */
  public OptionalInt ignoredDraftTokens() {
    return Usage.count(json, "ignored_draft_tokens_count");
  }

  private Optional<Duration> seconds(String name) {
    if (json.get(name) instanceof JsonNumber number) {
      double seconds = number.doubleValue();
      if (seconds >= 0 && seconds < LONGEST_SECONDS) {
        return Optional.of(Duration.ofNanos(Math.round(seconds * 1e9)));
      }
    }
    return Optional.empty();
  }
}
