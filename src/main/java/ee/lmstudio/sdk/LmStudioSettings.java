package ee.lmstudio.sdk;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds LM Studio's address, credentials and time limits. Immutable; checked on construction.
 *
 * <p>Start with {@link #builder()}: every value has the default that {@link Builder} names.
 *
 * @param baseUrl address of LM Studio without {@code /v1} and without a trailing slash
 * @param apiKey sent as {@code Authorization: Bearer}; if empty, the header is not sent
 * @param extraHeaders additional request headers by name, except headers that the HTTP client sets
 *     itself, such as {@code Host} and {@code Content-Length}
 * @param limits every time limit of a call
 * @param maxRetries number of retries after a status that allows a retry (408, 429, 500, 502, 503,
 *     504); 0 to 10
 * @param streamRetryPause pause before the second attempt at a broken stream
 * @param streamRecovery what happens when a stream breaks after text was delivered
 * @param streamingEnabled if false, no request asks for a stream
 * @param verifyTls if false, any certificate is accepted
 * @param allowedHosts hosts that may be called: {@code host}, {@code host:port} or a CIDR block
 * @param defaultModel the model for chats and completions that name no model
 * @param defaultEmbeddingModel the model for embedding requests that name no model
 * @param strictModel if true, an answer from another model than the requested one is an error
 * @param audioEnabled if true, transcription, translation and speech are allowed
 * @param imagesEnabled if true, generating images is allowed
 */
public record LmStudioSettings(
    URI baseUrl,
    Optional<Secret> apiKey,
    Map<String, String> extraHeaders,
    Limits limits,
    int maxRetries,
    Duration streamRetryPause,
    StreamRecovery streamRecovery,
    boolean streamingEnabled,
    boolean verifyTls,
    List<String> allowedHosts,
    Optional<String> defaultModel,
    Optional<String> defaultEmbeddingModel,
    boolean strictModel,
    boolean audioEnabled,
    boolean imagesEnabled) {

  /** The names and addresses of this machine, which are the default for allowed hosts. */
  public static final List<String> LOOPBACK_HOSTS = List.of("localhost", "127.0.0.1", "::1");

  /** Says what happens to a stream that breaks after text was delivered. */
  public enum StreamRecovery {
    /** The SDK discards the text ({@code reset}) and starts the stream again. */
    RESTART,
    /** The call fails, and the partial text stays valid. */
    OFF
  }

  /**
   * Holds the time limits. Zero switches a limit off; the longest allowed limit is 365 days.
   *
   * @param connect limit of each of the two attempts to connect. Default 2 s
   * @param call limit of a whole call that generates nothing, with all retries. Default 60 s
   * @param generation limit of a whole generation, also of audio and images. Default 10 min
   * @param firstToken limit of each attempt, from the sent request to the first text, reasoning or
   *     tool fragment. It includes the time to load a model. Without a stream, it ends with the
   *     response headers. Default 120 s
   * @param idle limit between two events of a stream after the first token; if only comments
   *     arrive, they extend it for at most 10 min. Default 90 s
   */
  public record Limits(
      Duration connect, Duration call, Duration generation, Duration firstToken, Duration idle) {

    /**
     * 2 s to connect, 60 s per call, 10 min per generation, 120 s to the first token, 90 s idle.
     */
    public static final Limits DEFAULTS =
        new Limits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofSeconds(120),
            Duration.ofSeconds(90));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is invalid; the message names the value
     */
    public Limits {
      SettingRules.requireNotNegative("connect", connect);
      SettingRules.requireNotNegative("call", call);
      SettingRules.requireNotNegative("generation", generation);
      SettingRules.requireNotNegative("firstToken", firstToken);
      SettingRules.requireNotNegative("idle", idle);
    }
  }

  /**
   * Checks the values, and copies the collections.
   *
   * @throws IllegalArgumentException if a value is invalid; the message names the value
   */
  public LmStudioSettings {
    baseUrl = BaseUrl.normalise(baseUrl);
    Objects.requireNonNull(apiKey, "apiKey");
    apiKey.map(Secret::reveal).ifPresent(key -> SettingRules.requirePrintable("apiKey", key));
    extraHeaders = Map.copyOf(extraHeaders);
    extraHeaders.forEach(SettingRules::requireHeader);
    Objects.requireNonNull(limits, "limits");
    SettingRules.requireRetries(maxRetries);
    SettingRules.requireNotNegative("streamRetryPause", streamRetryPause);
    Objects.requireNonNull(streamRecovery, "streamRecovery");
    allowedHosts = List.copyOf(allowedHosts);
    Objects.requireNonNull(defaultModel, "defaultModel");
    Objects.requireNonNull(defaultEmbeddingModel, "defaultEmbeddingModel");
  }

  /** Returns all values except those that may be secrets: the key and the extra headers' values. */
  @Override
  public String toString() {
    return ("LmStudioSettings[baseUrl=%s, apiKey=%s, extraHeaders=%s, limits=%s, maxRetries=%d,"
            + " streamRetryPause=%s, streamRecovery=%s, streamingEnabled=%s, verifyTls=%s,"
            + " allowedHosts=%s, defaultModel=%s, defaultEmbeddingModel=%s, strictModel=%s,"
            + " audioEnabled=%s, imagesEnabled=%s]")
        .formatted(
            baseUrl,
            apiKey,
            extraHeaders.keySet(),
            limits,
            maxRetries,
            streamRetryPause,
            streamRecovery,
            streamingEnabled,
            verifyTls,
            allowedHosts,
            defaultModel,
            defaultEmbeddingModel,
            strictModel,
            audioEnabled,
            imagesEnabled);
  }

  /**
   * {@return settings for LM Studio on this machine at its usual port, {@code
   * http://127.0.0.1:1234}}
   */
  public static LmStudioSettings defaults() {
    return builder().build();
  }

  /**
   * {@return settings for LM Studio at {@code baseUrl}, otherwise like {@link #defaults()}}
   *
   * @param baseUrl such as {@code http://127.0.0.1:1234}
   */
  public static LmStudioSettings at(String baseUrl) {
    return builder().baseUrl(BaseUrl.parse(baseUrl)).build();
  }

  /** {@return a builder with every default set} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with the values of these settings} */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.baseUrl = baseUrl;
    builder.apiKey = apiKey;
    builder.extraHeaders = extraHeaders;
    builder.limits = limits;
    builder.maxRetries = maxRetries;
    builder.streamRetryPause = streamRetryPause;
    builder.streamRecovery = streamRecovery;
    builder.streamingEnabled = streamingEnabled;
    builder.verifyTls = verifyTls;
    builder.allowedHosts = allowedHosts;
    builder.defaultModel = defaultModel;
    builder.defaultEmbeddingModel = defaultEmbeddingModel;
    builder.strictModel = strictModel;
    builder.audioEnabled = audioEnabled;
    builder.imagesEnabled = imagesEnabled;
    return builder;
  }

  /** Builds {@link LmStudioSettings}. A builder is not thread-safe. */
  public static final class Builder {
    private URI baseUrl = URI.create("http://127.0.0.1:1234");
    private Optional<Secret> apiKey = Optional.empty();
    private Map<String, String> extraHeaders = Map.of();
    private Limits limits = Limits.DEFAULTS;
    private int maxRetries = 2;
    private Duration streamRetryPause = Duration.ofMillis(250);
    private StreamRecovery streamRecovery = StreamRecovery.RESTART;
    private boolean streamingEnabled = true;
    private boolean verifyTls = true;
    private List<String> allowedHosts = LOOPBACK_HOSTS;
    private Optional<String> defaultModel = Optional.empty();
    private Optional<String> defaultEmbeddingModel = Optional.empty();
    private boolean strictModel;
    private boolean audioEnabled;
    private boolean imagesEnabled;

    private Builder() {}

    /**
     * Sets LM Studio's address, with or without {@code /v1}. Default {@code http://127.0.0.1:1234}.
     *
     * @param value the address of LM Studio's server
     * @return this builder
     */
    public Builder baseUrl(URI value) {
      baseUrl = value;
      return this;
    }

    /**
     * Sets the API key. Default: none.
     *
     * @param value the key; null for none
     * @return this builder
     */
    public Builder apiKey(Secret value) {
      apiKey = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets additional request headers. Default: none.
     *
     * @param value header values by name, sent with every request
     * @return this builder
     */
    public Builder extraHeaders(Map<String, String> value) {
      extraHeaders = value;
      return this;
    }

    /**
     * Sets the time limits. Default {@link Limits#DEFAULTS}.
     *
     * @param value all limits
     * @return this builder
     */
    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    /**
     * Sets the maximum number of retries. Default 2; 0 never retries.
     *
     * @param value the number of retries, 0 to 10
     * @return this builder
     */
    public Builder maxRetries(int value) {
      maxRetries = value;
      return this;
    }

    /**
     * Sets the pause before the second attempt at a broken stream. Default 250 ms; zero for none.
     *
     * @param value the pause
     * @return this builder
     */
    public Builder streamRetryPause(Duration value) {
      streamRetryPause = value;
      return this;
    }

    /**
     * Sets what happens if a stream breaks after text. Default {@link StreamRecovery#RESTART}.
     *
     * @param value what to do
     * @return this builder
     */
    public Builder streamRecovery(StreamRecovery value) {
      streamRecovery = value;
      return this;
    }

    /**
     * Sets whether requests ask for a stream. Default true.
     *
     * @param value if false, no request asks for a stream, and no generation can be stopped
     * @return this builder
     */
    public Builder streamingEnabled(boolean value) {
      streamingEnabled = value;
      return this;
    }

    /**
     * Sets whether TLS certificates are verified. Default true.
     *
     * @param value if false, any certificate is accepted
     * @return this builder
     */
    public Builder verifyTls(boolean value) {
      verifyTls = value;
      return this;
    }

    /**
     * Sets the hosts that may be called. Default {@link #LOOPBACK_HOSTS}.
     *
     * @param value the allowed hosts: a name, {@code name:port}, or a CIDR block
     * @return this builder
     */
    public Builder allowedHosts(List<String> value) {
      allowedHosts = value;
      return this;
    }

    /**
     * Default none.
     *
     * @param value asked when a request names none; null for none
     * @return this builder
     */
    public Builder defaultModel(String value) {
      defaultModel = Optional.ofNullable(value);
      return this;
    }

    /**
     * Default none.
     *
     * @param value asked when a request names none; null for none
     * @return this builder
     */
    public Builder defaultEmbeddingModel(String value) {
      defaultEmbeddingModel = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets whether the requested model has to answer. Default false.
     *
     * @param value if true, an answer from another model than the requested one is an error
     * @return this builder
     */
    public Builder strictModel(boolean value) {
      strictModel = value;
      return this;
    }

    /**
     * Allows audio calls. Default false, because LM Studio's audio support is experimental.
     *
     * @param value if true, these calls are allowed
     * @return this builder
     */
    public Builder audioEnabled(boolean value) {
      audioEnabled = value;
      return this;
    }

    /**
     * Allows generating images. Default false, because LM Studio's image support is experimental.
     *
     * @param value if true, these calls are allowed
     * @return this builder
     */
    public Builder imagesEnabled(boolean value) {
      imagesEnabled = value;
      return this;
    }

    /**
     * {@return the settings}
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public LmStudioSettings build() {
      return new LmStudioSettings(
          baseUrl,
          apiKey,
          extraHeaders,
          limits,
          maxRetries,
          streamRetryPause,
          streamRecovery,
          streamingEnabled,
          verifyTls,
          allowedHosts,
          defaultModel,
          defaultEmbeddingModel,
          strictModel,
          audioEnabled,
          imagesEnabled);
    }
  }
}
