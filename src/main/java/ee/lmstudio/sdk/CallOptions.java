package ee.lmstudio.sdk;

import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Options of single calls that replace the {@link LmStudioSettings}: another key, more headers,
 * other limits, another recovery of streams. They also name the caller for telemetry. For every
 * option that is absent, the value of the settings applies.
 *
 * <pre>{@code
 * SdkContract forAlice =
 *     lmStudio.with(
 *         CallOptions.builder().apiKey(Secret.of(key)).actor("alice").requestId("r-17").build());
 * }</pre>
 *
 * <p>Immutable; checked on construction, as the settings are. A limit of zero is switched off.
 *
 * @param apiKey sent instead of the settings' key
 * @param extraHeaders sent beside the settings' own; one of the same name, whatever its case, is
 *     sent instead
 * @param connectLimit instead of {@link Limits#connect()}
 * @param callLimit instead of {@link Limits#call()}
 * @param generationLimit instead of {@link Limits#generation()}
 * @param firstTokenLimit instead of {@link Limits#firstToken()}
 * @param idleLimit instead of {@link Limits#idle()}
 * @param streamRecovery what happens when a stream breaks after text, instead of {@link
 *     LmStudioSettings#streamRecovery()}
 * @param actor the caller on whose behalf the call is made; appears in telemetry and is never sent
 *     to LM Studio
 * @param requestId the request that the call is a part of; appears in telemetry and is never sent
 *     to LM Studio
 */
public record CallOptions(
    Optional<Secret> apiKey,
    Map<String, String> extraHeaders,
    Optional<Duration> connectLimit,
    Optional<Duration> callLimit,
    Optional<Duration> generationLimit,
    Optional<Duration> firstTokenLimit,
    Optional<Duration> idleLimit,
    Optional<StreamRecovery> streamRecovery,
    Optional<String> actor,
    Optional<String> requestId) {

  /** No options: every value comes from the settings. */
  public static final CallOptions NONE = builder().build();

  private static final int LONGEST_NAME = 200;

  /**
   * The options.
   *
   * @throws IllegalArgumentException if a value is out of range; the message names it, but repeats
   *     neither key nor header values
   */
  public CallOptions {
    Objects.requireNonNull(apiKey, "apiKey");
    apiKey.map(Secret::reveal).ifPresent(key -> SettingRules.requirePrintable("apiKey", key));
    extraHeaders = Map.copyOf(extraHeaders);
    extraHeaders.forEach(SettingRules::requireHeader);
    requireLimit("connectLimit", connectLimit);
    requireLimit("callLimit", callLimit);
    requireLimit("generationLimit", generationLimit);
    requireLimit("firstTokenLimit", firstTokenLimit);
    requireLimit("idleLimit", idleLimit);
    Objects.requireNonNull(streamRecovery, "streamRecovery");
    requireName("actor", actor);
    requireName("requestId", requestId);
  }

  private static void requireLimit(String name, Optional<Duration> value) {
    Objects.requireNonNull(value, name)
        .ifPresent(limit -> SettingRules.requireNotNegative(name, limit));
  }

  private static void requireName(String name, Optional<String> value) {
    Objects.requireNonNull(value, name)
        .filter(text -> text.isBlank() || text.length() > LONGEST_NAME)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(
                  "%s has %d characters, allowed are 1 to %d, not all of them blank"
                      .formatted(name, wrong.length(), LONGEST_NAME));
            });
  }

  /**
   * {@return these options, and for what they leave open those of {@code earlier}}
   *
   * @param earlier what holds where these say nothing
   */
  public CallOptions over(CallOptions earlier) {
    return new CallOptions(
        apiKey.or(earlier::apiKey),
        merged(earlier.extraHeaders, extraHeaders),
        connectLimit.or(earlier::connectLimit),
        callLimit.or(earlier::callLimit),
        generationLimit.or(earlier::generationLimit),
        firstTokenLimit.or(earlier::firstTokenLimit),
        idleLimit.or(earlier::idleLimit),
        streamRecovery.or(earlier::streamRecovery),
        actor.or(earlier::actor),
        requestId.or(earlier::requestId));
  }

  /**
   * {@return the settings as a call with these options has them}
   *
   * @param settings what holds where these say nothing
   */
  public LmStudioSettings over(LmStudioSettings settings) {
    Limits limits = settings.limits();
    return settings.toBuilder()
        .apiKey(apiKey.or(settings::apiKey).orElse(null))
        .extraHeaders(merged(settings.extraHeaders(), extraHeaders))
        .limits(
            new Limits(
                connectLimit.orElse(limits.connect()),
                callLimit.orElse(limits.call()),
                generationLimit.orElse(limits.generation()),
                firstTokenLimit.orElse(limits.firstToken()),
                idleLimit.orElse(limits.idle())))
        .streamRecovery(streamRecovery.orElse(settings.streamRecovery()))
        .build();
  }

  private static Map<String, String> merged(Map<String, String> some, Map<String, String> later) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(some);
    // Else a header would keep the earlier one's case.
    later.keySet().forEach(all::remove);
    all.putAll(later);
    return all;
  }

  /** All but the values of the extra headers, which may be secrets, as the key is. */
  @Override
  public String toString() {
    return ("CallOptions[apiKey=%s, extraHeaders=%s, connectLimit=%s, callLimit=%s,"
            + " generationLimit=%s, firstTokenLimit=%s, idleLimit=%s, streamRecovery=%s, actor=%s,"
            + " requestId=%s]")
        .formatted(
            apiKey,
            extraHeaders.keySet(),
            connectLimit,
            callLimit,
            generationLimit,
            firstTokenLimit,
            idleLimit,
            streamRecovery,
            actor,
            requestId);
  }

  /**
   * {@return options that only say for whom a call is made, and of what it is a part}
   *
   * @param actor for whom; 1 to 200 characters
   * @param requestId of what; 1 to 200 characters
   * @throws IllegalArgumentException if one of them is blank or over 200 characters long
   */
  public static CallOptions by(String actor, String requestId) {
    return builder().actor(actor).requestId(requestId).build();
  }

  /** {@return a builder of options that change nothing} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with the values of these options} */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.apiKey = apiKey;
    builder.extraHeaders = extraHeaders;
    builder.connectLimit = connectLimit;
    builder.callLimit = callLimit;
    builder.generationLimit = generationLimit;
    builder.firstTokenLimit = firstTokenLimit;
    builder.idleLimit = idleLimit;
    builder.streamRecovery = streamRecovery;
    builder.actor = actor;
    builder.requestId = requestId;
    return builder;
  }

  /**
   * Builds {@link CallOptions}; null takes a value back. Not for use by several threads at once.
   */
  public static final class Builder {
    private Optional<Secret> apiKey = Optional.empty();
    private Map<String, String> extraHeaders = Map.of();
    private Optional<Duration> connectLimit = Optional.empty();
    private Optional<Duration> callLimit = Optional.empty();
    private Optional<Duration> generationLimit = Optional.empty();
    private Optional<Duration> firstTokenLimit = Optional.empty();
    private Optional<Duration> idleLimit = Optional.empty();
    private Optional<StreamRecovery> streamRecovery = Optional.empty();
    private Optional<String> actor = Optional.empty();
    private Optional<String> requestId = Optional.empty();

    private Builder() {}

    /**
     * Default: the settings' key.
     *
     * @param value the key; null: the settings' own
     * @return this builder
     */
    public Builder apiKey(Secret value) {
      apiKey = Optional.ofNullable(value);
      return this;
    }

    /**
     * Default: none but the settings' own.
     *
     * @param value values by name; null: none
     * @return this builder
     */
    public Builder extraHeaders(Map<String, String> value) {
      extraHeaders = value == null ? Map.of() : value;
      return this;
    }

    /**
     * Until a connection stands, for each connect. Zero: no limit.
     *
     * @param value the limit; null: the settings' own
     * @return this builder
     */
    public Builder connectLimit(Duration value) {
      connectLimit = Optional.ofNullable(value);
      return this;
    }

    /**
     * A call that generates nothing, whole. Zero: no limit.
     *
     * @param value the limit; null: the settings' own
     * @return this builder
     */
    public Builder callLimit(Duration value) {
      callLimit = Optional.ofNullable(value);
      return this;
    }

    /**
     * A generation, whole, with all attempts. Zero: no limit.
     *
     * @param value the limit; null: the settings' own
     * @return this builder
     */
    public Builder generationLimit(Duration value) {
      generationLimit = Optional.ofNullable(value);
      return this;
    }

    /**
     * Of each attempt, from the post to the first fragment. Zero: no limit.
     *
     * @param value the limit; null: the settings' own
     * @return this builder
     */
    public Builder firstTokenLimit(Duration value) {
      firstTokenLimit = Optional.ofNullable(value);
      return this;
    }

    /**
     * Between two events of a stream. Zero: no limit.
     *
     * @param value the limit; null: the settings' own
     * @return this builder
     */
    public Builder idleLimit(Duration value) {
      idleLimit = Optional.ofNullable(value);
      return this;
    }

    /**
     * What happens when a stream breaks after text. Default: as the settings say.
     *
     * @param value {@code RESTART} or {@code OFF}; null: the settings' own
     * @return this builder
     */
    public Builder streamRecovery(StreamRecovery value) {
      streamRecovery = Optional.ofNullable(value);
      return this;
    }

    /**
     * For whom the call is made; 1 to 200 characters. Default: nobody is named.
     *
     * @param value a name or an id; null: nobody
     * @return this builder
     */
    public Builder actor(String value) {
      actor = Optional.ofNullable(value);
      return this;
    }

    /**
     * Of what the call is a part; 1 to 200 characters. Default: none.
     *
     * @param value the id; null: none
     * @return this builder
     */
    public Builder requestId(String value) {
      requestId = Optional.ofNullable(value);
      return this;
    }

    /**
     * {@return the options}
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public CallOptions build() {
      return new CallOptions(
          apiKey,
          extraHeaders,
          connectLimit,
          callLimit,
          generationLimit,
          firstTokenLimit,
          idleLimit,
          streamRecovery,
          actor,
          requestId);
    }
  }
}
