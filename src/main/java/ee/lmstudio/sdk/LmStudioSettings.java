package ee.lmstudio.sdk;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How to reach LM Studio and how long to wait for it. Immutable; checked on construction.
 *
 * <p>Start with {@link #builder()}: every value has the default that {@link Builder} names.
 *
 * @param baseUrl address of LM Studio without {@code /v1} and without a trailing slash
 * @param apiKey sent as {@code Authorization: Bearer}; empty sends none
 * @param extraHeaders more request headers, by name; not those that the HTTP client sets itself,
 *     such as {@code Host} and {@code Content-Length}
 * @param limits every time limit of a call
 * @param maxRetries how often an answer that invites it (429, 5xx) is asked for again; 0 to 10
 * @param streamRetryPause pause before the second attempt at a broken stream
 * @param streamRecovery what happens when a stream breaks after text
 * @param streamingEnabled false: every call is plain
 * @param verifyTls false: any certificate is accepted
 * @param allowedHosts hosts that may be called: {@code host}, {@code host:port} or a CIDR block
 * @param defaultModel used when a chat or completion names no model
 * @param defaultEmbeddingModel used when an embedding names no model
 * @param strictModel true: an answer from another model than asked is an error
 * @param audioEnabled true: transcription, translation and speech may be asked for
 * @param imagesEnabled true: images may be asked for
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

  /** The names and addresses of this machine, allowed when nothing else is said. */
  public static final List<String> LOOPBACK_HOSTS = List.of("localhost", "127.0.0.1", "::1");

  /** What happens to a stream that breaks after text was delivered. */
  public enum StreamRecovery {
    /** The text is void ({@code reset}) and the stream is tried again. */
    RESTART,
    /** The stream fails and keeps the partial text. */
    OFF
  }

  /**
   * The time limits. Zero switches a limit off; 365 days is the longest.
   *
   * @param connect from the start of a connect until the connection stands; each of the two tries
   *     anew. Default 2 s
   * @param call a call that generates nothing, from call to result, with retries and pauses.
   *     Default 60 s
   * @param generation a generation, also of audio and images, from call to result, with all
   *     attempts and pauses. Default 10 min
   * @param firstToken of each attempt, from the sent request to the first text, reasoning or tool
   *     fragment, for a model may load first; of what is not streamed, to the headers. Default 120
   *     s
   * @param idle from one event of a stream to the next, after the first token; comments alone count
   *     for 10 min. Default 90 s
   */
  public record Limits(
      Duration connect, Duration call, Duration generation, Duration firstToken, Duration idle) {

    /** 2 s to connect, 60 s a call, 10 min a generation, 120 s to the first token, 90 s idle. */
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
     * @throws IllegalArgumentException if one is wrong; the message names it
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
   * @throws IllegalArgumentException if one is wrong; the message names it
   */
  public LmStudioSettings {
    baseUrl = BaseUrl.normalise(baseUrl);
    Objects.requireNonNull(apiKey, "apiKey");
    apiKey.map(Secret::reveal).ifPresent(key -> SettingRules.requirePrintable("apiKey", key));
    extraHeaders = Map.copyOf(extraHeaders);
    extraHeaders.forEach(SettingRules::requireHeader);
    Objects.requireNonNull(limits, "limits");
    if (maxRetries < 0 || maxRetries > 10) {
      throw new IllegalArgumentException("maxRetries is " + maxRetries + ", allowed is 0 to 10");
    }
    SettingRules.requireNotNegative("streamRetryPause", streamRetryPause);
    Objects.requireNonNull(streamRecovery, "streamRecovery");
    allowedHosts = List.copyOf(allowedHosts);
    Objects.requireNonNull(defaultModel, "defaultModel");
    Objects.requireNonNull(defaultEmbeddingModel, "defaultEmbeddingModel");
  }

  /** All but the values of the extra headers, which may be secrets, as the key is. */
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
   * {@return settings for LM Studio at {@code baseUrl}; all else as in {@link #defaults()}}
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

  /** Builds {@link LmStudioSettings}. Not for use by several threads at once. */
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
     * Default {@code http://127.0.0.1:1234}. {@code /v1} and a trailing slash may be there.
     *
     * @param value the address of LM Studio's server
     * @return this builder
     */
    public Builder baseUrl(URI value) {
      baseUrl = value;
      return this;
    }

    /**
     * Default none.
     *
     * @param value the key; null for none
     * @return this builder
     */
    public Builder apiKey(Secret value) {
      apiKey = Optional.ofNullable(value);
      return this;
    }

    /**
     * Default none.
     *
     * @param value values by name, sent with every request
     * @return this builder
     */
    public Builder extraHeaders(Map<String, String> value) {
      extraHeaders = value;
      return this;
    }

    /**
     * Default {@link Limits#DEFAULTS}.
     *
     * @param value all of them
     * @return this builder
     */
    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    /**
     * Default 2; 0 never asks again.
     *
     * @param value how often at most, 0 to 10
     * @return this builder
     */
    public Builder maxRetries(int value) {
      maxRetries = value;
      return this;
    }

    /**
     * Default 250 ms; zero tries again at once.
     *
     * @param value how long before the second attempt
     * @return this builder
     */
    public Builder streamRetryPause(Duration value) {
      streamRetryPause = value;
      return this;
    }

    /**
     * Default {@link StreamRecovery#RESTART}.
     *
     * @param value what becomes of a stream that breaks after text
     * @return this builder
     */
    public Builder streamRecovery(StreamRecovery value) {
      streamRecovery = value;
      return this;
    }

    /**
     * Default true.
     *
     * @param value false: every call is plain, so that none can be cancelled early
     * @return this builder
     */
    public Builder streamingEnabled(boolean value) {
      streamingEnabled = value;
      return this;
    }

    /**
     * Default true.
     *
     * @param value false: any certificate is taken
     * @return this builder
     */
    public Builder verifyTls(boolean value) {
      verifyTls = value;
      return this;
    }

    /**
     * Default {@link #LOOPBACK_HOSTS}.
     *
     * @param value hosts that may be called: a name, {@code name:port}, or a CIDR block
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
     * Default false.
     *
     * @param value true: an answer by another model than asked is an error
     * @return this builder
     */
    public Builder strictModel(boolean value) {
      strictModel = value;
      return this;
    }

    /**
     * Default false: LM Studio's audio is experimental.
     *
     * @param value true: recordings and speech may be sent for
     * @return this builder
     */
    public Builder audioEnabled(boolean value) {
      audioEnabled = value;
      return this;
    }

    /**
     * Default false: LM Studio's images are experimental.
     *
     * @param value true: images may be asked for
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
