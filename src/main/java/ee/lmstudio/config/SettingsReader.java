package ee.lmstudio.config;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.HostNotAllowedException;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the settings: checks each value by the rule of its key, then the rules between keys. */
final class SettingsReader {
  private static final int SHORT_TOKEN = 16;

  private final ConfigValues values;
  private final List<String> warnings = new ArrayList<>();

  private SettingsReader(ConfigValues values) {
    this.values = values;
  }

  /**
   * Reads all keys.
   *
   * @param source returns the text of a property, empty if it is not set
   * @param names the names of the properties that are set, as far as they are known
   * @throws InvalidSettingsException if any value is invalid; it lists every invalid value
   */
  static Settings read(Function<String, Optional<String>> source, Iterable<String> names) {
    SettingsReader reader = new SettingsReader(new ConfigValues(source));
    reader.warnings.addAll(UnknownKeys.among(names));
    return reader.read();
  }

  private Settings read() {
    ServerSettings server = readServer();
    boolean addressSet = ConfigKeys.address().stream().anyMatch(values::isSet);
    boolean usesSimulator = server.simulator() && !addressSet;
    LmStudioSettings.Builder upstream = readUpstream();
    readAddress().ifPresent(address -> upstream.baseUrl(checked(address, usesSimulator)));
    checkPosture(server);
    values.throwIfWrong();
    return new Settings(server, upstream.build(), usesSimulator, values.changed(), warnings);
  }

  private ServerSettings readServer() {
    return new ServerSettings(
        values.get(ConfigKeys.ENABLED),
        new ServerSettings.Features(
            values.get(ConfigKeys.ENABLE_AUDIO), values.get(ConfigKeys.ENABLE_IMAGES)),
        values.get(ConfigKeys.APP_ENV),
        values.find(ConfigKeys.ACCESS_TOKENS).orElse(List.of()),
        values.get(ConfigKeys.LISTEN_ADDRESS),
        values.find(ConfigKeys.ALLOWED_SERVER_NAMES).orElse(List.of()),
        values.find(ConfigKeys.TRUSTED_PROXIES).orElse(List.of()),
        values.get(LimitKeys.MAX_JSON_BYTES),
        values.find(ConfigKeys.RELAY_PATHS).orElse(List.of()),
        new ServerSettings.Bodies(
            values.get(LimitKeys.BODY_TIMEOUT),
            values.get(LimitKeys.MAX_UNFINISHED_BODIES),
            values.get(LimitKeys.MAX_AUDIO_BYTES)),
        new ServerSettings.Streams(
            values.get(LimitKeys.MAX_STREAMS),
            values.get(LimitKeys.MAX_STREAMS_PER_CALLER),
            values.get(LimitKeys.QUEUE_TIMEOUT),
            values.get(LimitKeys.RATE_LIMIT),
            values.get(LimitKeys.ORPHAN_GRACE),
            values.get(LimitKeys.OPENAI_ORPHAN_GRACE),
            values.get(LimitKeys.STREAM_RETENTION),
            values.get(LimitKeys.PROGRESS_AFTER),
            values.get(LimitKeys.KEEP_ALIVE),
            values.get(LimitKeys.STOP_PATIENCE)),
        new ServerSettings.Listeners(
            values.get(LimitKeys.MAX_LISTENERS_PER_STREAM),
            values.get(LimitKeys.MAX_LISTENERS_PER_CALLER)),
        new ServerSettings.Guards(
            values.get(LimitKeys.BREAKER_CALLS),
            values.get(LimitKeys.BREAKER_DELAY),
            values.get(LimitKeys.MAX_PLAIN_CALLS),
            values.get(LimitKeys.MAX_WORK_CALLS)),
        values.get(ConfigKeys.READINESS),
        values.get(ConfigKeys.WARM_UP),
        values.get(ConfigKeys.STORAGE_DIR),
        values.get(ConfigKeys.ACTION_LOG_BYTES),
        values.get(ConfigKeys.SIMULATOR));
  }

  private LmStudioSettings.Builder readUpstream() {
    LmStudioSettings.Builder builder =
        LmStudioSettings.builder()
            .limits(
                new LmStudioSettings.Limits(
                    values.get(ConfigKeys.CONNECT_TIMEOUT),
                    values.get(ConfigKeys.TIMEOUT),
                    values.get(ConfigKeys.GENERATION_TIMEOUT),
                    values.get(ConfigKeys.FIRST_TOKEN_TIMEOUT),
                    values.get(ConfigKeys.IDLE_TIMEOUT)))
            .maxRetries(values.get(ConfigKeys.MAX_RETRIES))
            .streamRecovery(values.get(ConfigKeys.STREAM_RECOVERY))
            .streamingEnabled(values.get(ConfigKeys.ENABLE_STREAMING))
            .streamRetryPause(Duration.ofMillis(values.get(ConfigKeys.STREAM_RETRY_MS)))
            .verifyTls(values.get(ConfigKeys.VERIFY_TLS))
            .allowedHosts(values.get(ConfigKeys.ALLOWED_HOSTS))
            .strictModel(values.get(ConfigKeys.STRICT_MODEL))
            .audioEnabled(values.get(ConfigKeys.ENABLE_AUDIO))
            .imagesEnabled(values.get(ConfigKeys.ENABLE_IMAGES));
    values.find(ConfigKeys.API_KEY).ifPresent(builder::apiKey);
    values.find(ConfigKeys.EXTRA_HEADERS).ifPresent(builder::extraHeaders);
    values.find(ConfigKeys.DEFAULT_MODEL).ifPresent(builder::defaultModel);
    values.find(ConfigKeys.DEFAULT_EMBEDDING_MODEL).ifPresent(builder::defaultEmbeddingModel);
    return builder;
  }

  /** Returns the base URL, or composes it of its parts. Empty if one of them is invalid. */
  private Optional<URI> readAddress() {
    Optional<URI> whole = values.find(ConfigKeys.BASE_URL);
    String scheme = values.get(ConfigKeys.SCHEME);
    String host = values.get(ConfigKeys.HOST);
    int port = values.get(ConfigKeys.PORT);
    if (whole.isPresent() || ConfigKeys.address().stream().anyMatch(values::isWrong)) {
      return whole;
    }
    boolean bareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
    String text = scheme + "://" + (bareIpv6 ? "[" + host + "]" : host) + ":" + port;
    try {
      URI address = ConfigKeys.BASE_URL.type().parser().apply(text);
      // If the host contains a port or a path, the composed address differs from its parts.
      if (address.getPort() == port && address.getRawPath().isEmpty()) {
        return Optional.of(address);
      }
    } catch (IllegalArgumentException e) {
      // Reported below for the host.
    }
    values.fault(ConfigKeys.HOST, host, "a host name or an address, without port");
    return Optional.empty();
  }

  private URI checked(URI address, boolean usesSimulator) {
    if (!usesSimulator && !values.isWrong(ConfigKeys.ALLOWED_HOSTS)) {
      try {
        AllowedHosts.parse(values.get(ConfigKeys.ALLOWED_HOSTS)).check(address);
      } catch (HostNotAllowedException e) {
        boolean whole = values.isSet(ConfigKeys.BASE_URL);
        values.fault(
            whole ? ConfigKeys.BASE_URL : ConfigKeys.HOST,
            whole ? address.toString() : address.getHost(),
            "a host of lm-studio.allowed-hosts. "
                + e.getMessage()
                + ". "
                + SettingNames.inServerTerms(e.hint()));
      }
    }
    return address;
  }

  private void checkPosture(ServerSettings server) {
    if (server.environment() == Environment.LOCAL || values.isWrong(ConfigKeys.APP_ENV)) {
      return;
    }
    String only = " (another value only with app.env=local)";
    if (!values.get(ConfigKeys.VERIFY_TLS)) {
      values.fault(ConfigKeys.VERIFY_TLS, "false", "true" + only);
    }
    if (server.simulator()) {
      values.fault(ConfigKeys.SIMULATOR, "true", "false" + only);
    }
    if (!values.isSet(ConfigKeys.API_KEY)) {
      warnings.add(
          "No API key for LM Studio is set (app.env is not local). Anyone who reaches LM Studio can"
              + " use it. Switch on authentication in LM Studio and set LM_STUDIO_API_KEY.");
    }
    if (server.accessTokens().isEmpty()) {
      warnings.add(
          "No access token is set, so every API call is answered with 503. Set"
              + " LM_STUDIO_ACCESS_TOKENS=name:token[:admin], comma separated, or APP_ENV=local.");
    }
    server.accessTokens().stream()
        .filter(token -> !token.isHashed() && token.token().reveal().length() < SHORT_TOKEN)
        .forEach(
            token ->
                warnings.add(
                    "The access token of '"
                        + token.name()
                        + "' has fewer than "
                        + SHORT_TOKEN
                        + " characters and can be guessed. Create one with: openssl rand -hex"
                        + " 16"));
  }
}
