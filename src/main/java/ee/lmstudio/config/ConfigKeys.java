package ee.lmstudio.config;

import static ee.lmstudio.config.ValueType.bool;
import static ee.lmstudio.config.ValueType.duration;
import static ee.lmstudio.config.ValueType.listOf;
import static ee.lmstudio.config.ValueType.oneOf;
import static ee.lmstudio.config.ValueType.whole;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The table of all configuration keys: name, default, allowed values, meaning. {@link LimitKeys}
 * has those of the server's limits.
 */
final class ConfigKeys {
  private static final List<ConfigKey<?>> TABLE = new ArrayList<>();
  static final int ANY = Integer.MAX_VALUE;

  static final ConfigKey<Boolean> ENABLED =
      key(
          "features.lmstudio.enabled",
          "true",
          bool(),
          "`false`: every API call is answered with 503.");
  static final ConfigKey<Environment> APP_ENV =
      key(
          "app.env",
          "production",
          oneOf(Environment.class),
          "Where the server runs. See \"Outside `local`\" below.");

  static final ConfigKey<URI> BASE_URL =
      key(
          "lm-studio.base-url",
          null,
          ValueTypes.address(),
          "Address of LM Studio, with or without `/v1`. If it is not set, the address is composed"
              + " of the next three properties.");
  static final ConfigKey<String> SCHEME =
      key("lm-studio.scheme", "http", ValueTypes.scheme(), "Part of the address.");
  static final ConfigKey<String> HOST =
      key("lm-studio.host", "127.0.0.1", ValueTypes.text(), "Part of the address.");
  static final ConfigKey<Integer> PORT =
      key("lm-studio.port", "1234", whole(1, 65535), "Part of the address.");
  static final ConfigKey<Secret> API_KEY =
      secret(
          "lm-studio.api-key",
          ValueTypes.secret(),
          "API token that is sent to LM Studio as `Authorization: Bearer`. Expected outside"
              + " `local`.");
  static final ConfigKey<Map<String, String>> EXTRA_HEADERS =
      secret(
          "lm-studio.extra-headers",
          ValueTypes.headers(),
          "Additional headers of each request to LM Studio.");
  static final ConfigKey<List<String>> ALLOWED_HOSTS =
      key(
          "lm-studio.allowed-hosts",
          String.join(",", LmStudioSettings.LOOPBACK_HOSTS),
          ValueTypes.hostRules(),
          "Hosts that the server may call. Link-local and metadata addresses are refused even if"
              + " they are listed.");
  static final ConfigKey<Boolean> VERIFY_TLS =
      key(
          "lm-studio.verify-tls",
          "true",
          bool(),
          "`false`: any certificate of LM Studio is accepted. `false` is refused outside"
              + " `local`.");

  static final ConfigKey<Duration> CONNECT_TIMEOUT =
      time(
          "lm-studio.connect-timeout",
          "2s",
          "Limit for opening a connection. It applies to each of the two attempts. 0s: no"
              + " limit.");
  static final ConfigKey<Duration> TIMEOUT =
      time(
          "lm-studio.timeout",
          "60s",
          "Limit for a call that generates nothing, from the call to the result, including"
              + " retries and pauses. 0s: no limit.");
  static final ConfigKey<Duration> GENERATION_TIMEOUT =
      time(
          "lm-studio.generation-timeout",
          "10m",
          "Limit for a generation, also of audio and images, from the end of its wait in the queue"
              + " to its end, including all attempts and pauses. 0s: no limit.");
  static final ConfigKey<Duration> FIRST_TOKEN_TIMEOUT =
      time(
          "lm-studio.first-token-timeout",
          "120s",
          "Limit for each attempt at a generation, from the sent request to the first token, which"
              + " is the first text, reasoning or tool call fragment; LM Studio may have to load"
              + " the model in this time. If the call is not streamed, the limit ends with the"
              + " response headers. 0s: no limit.");
  static final ConfigKey<Duration> IDLE_TIMEOUT =
      time(
          "lm-studio.idle-timeout",
          "90s",
          "Limit for the time between two events of a stream, after the first token. Comments count"
              + " as events for 10 minutes. 0s: no limit.");
  static final ConfigKey<Integer> MAX_RETRIES =
      key(
          "lm-studio.max-retries",
          "2",
          whole(0, 10),
          "How often a call is repeated after a status that allows a retry (408, 429, 500, 502,"
              + " 503, 504). 0: never.");
  static final ConfigKey<StreamRecovery> STREAM_RECOVERY =
      key(
          "lm-studio.stream-recovery",
          "restart",
          oneOf(StreamRecovery.class),
          "What happens if a stream breaks after it has sent text: `restart` discards the text and"
              + " tries again, `off` lets the stream fail.");
  static final ConfigKey<Boolean> ENABLE_STREAMING =
      key(
          "lm-studio.enable-streaming",
          "true",
          bool(),
          "`false`: every call to LM Studio is plain, which means one request and one complete"
              + " response.");
  static final ConfigKey<Integer> STREAM_RETRY_MS =
      key(
          "lm-studio.stream-retry-ms",
          "250",
          whole(0, 60_000),
          "Pause in milliseconds between the break of a stream and the second attempt. 0: no"
              + " pause.");
  static final ConfigKey<String> DEFAULT_MODEL =
      key(
          "lm-studio.default-model",
          null,
          ValueTypes.text(),
          "Model for requests that do not name a model.");
  static final ConfigKey<String> DEFAULT_EMBEDDING_MODEL =
      key(
          "lm-studio.default-embedding-model",
          null,
          ValueTypes.text(),
          "Model for embedding requests that do not name a model.");
  static final ConfigKey<Boolean> STRICT_MODEL =
      key(
          "lm-studio.strict-model",
          "false",
          bool(),
          "`true`: an answer from another model than the requested one is an error.");
  static final ConfigKey<Boolean> ENABLE_AUDIO =
      key(
          "lm-studio.enable-audio",
          "false",
          bool(),
          "`true`: transcription, translation and speech are allowed. Only LM Studio 0.2.20"
              + " and later 0.2 versions have them.");
  static final ConfigKey<Boolean> ENABLE_IMAGES =
      key(
          "lm-studio.enable-images",
          "false",
          bool(),
          "`true`: image generation is allowed. Only LM Studio 0.2.21 and later 0.2 versions"
              + " have it.");

  static final ConfigKey<List<AccessToken>> ACCESS_TOKENS =
      secret(
          "lm-studio.access-tokens",
          ValueTypes.accessTokens(),
          "The callers who may use this server. If it is not set, nobody may; with `app.env=local`"
              + " the server creates a token and prints a link.");
  static final ConfigKey<String> LISTEN_ADDRESS =
      key(
          "lm-studio.listen-address",
          "127.0.0.1",
          ValueTypes.ownAddress(),
          "Address that the packaged server listens on. 0.0.0.0: all addresses of this machine."
              + " It is read only from system properties and environment variables.");
  static final ConfigKey<Integer> MAX_CONNECTIONS =
      key(
          "lm-studio.max-connections",
          "16384",
          whole(16, ANY),
          "Maximum number of open connections of the packaged server. If one more is opened, the"
              + " connections that have been without a request for longest are closed. If all have"
              + " a request in progress, the new one is closed. Set it only as a system property or"
              + " environment variable.");
  static final ConfigKey<Integer> MAX_CONNECTIONS_PER_ADDRESS =
      key(
          "lm-studio.max-connections-per-address",
          "1024",
          whole(0, ANY),
          "Maximum number of open connections of the packaged server from one address. One more is"
              + " closed. With IPv6, all addresses of a /64 count as one. Loopback addresses have"
              + " no such limit. 0: no limit. If a proxy on another machine brings the connections"
              + " of many clients, raise it. Set it only as a system property or environment"
              + " variable.");
  static final ConfigKey<List<String>> ALLOWED_SERVER_NAMES =
      key(
          "lm-studio.allowed-server-names",
          null,
          listOf(
              "host names or addresses without port, comma separated",
              name -> ValueTypes.serverName(name.toLowerCase(Locale.ROOT))),
          "Values of the `Host` header that the server accepts. If it is not set, these are"
              + " `localhost`, 127.0.0.1, ::1 and the IP address that the client connected to.");
  static final ConfigKey<List<CidrBlock>> TRUSTED_PROXIES =
      key(
          "lm-studio.trusted-proxies",
          null,
          listOf("addresses or CIDR blocks, comma separated", CidrBlock::parse),
          "Proxies from which the server accepts `X-Forwarded-For`, `X-Forwarded-Proto` and"
              + " `X-Forwarded-Host`.");
  static final ConfigKey<List<String>> RELAY_PATHS =
      key(
          "lm-studio.relay-paths",
          null,
          listOf(
              "paths below /v1 such as /v1/rerank that the server does not have itself, comma"
                  + " separated",
              ValueTypes::relayPath),
          "More paths whose POST requests the server passes on to LM Studio unchanged, with sign-in"
              + " and limits, as it does for `/v1/responses`, `/v1/messages` and"
              + " `/v1/decisions`.");
  static final ConfigKey<Readiness> READINESS =
      key(
          "lm-studio.readiness",
          "upstream",
          oneOf(Readiness.class),
          "What `/health/ready` depends on: `upstream` means LM Studio, `self` means this server"
              + " only.");
  static final ConfigKey<Duration> WARM_UP =
      key(
          "lm-studio.warm-up",
          "5s",
          duration("0s", "60s"),
          "How long the packaged server warms itself before it is ready: it sends requests to"
              + " itself, which a simulator answers. Meanwhile, API calls are answered with 503."
              + " 0s: not at all.");
  static final ConfigKey<Path> STORAGE_DIR =
      key(
          "lm-studio.storage-dir",
          "~/.lmstudio-ee",
          ValueTypes.directory(),
          "Directory of the stored list of models, which the server and `lmstudio models-sync`"
              + " write, and of the action log. `~` is the home of the user. Each server on a"
              + " machine needs a directory of its own.");
  static final ConfigKey<Integer> ACTION_LOG_BYTES =
      key(
          "lm-studio.action-log-bytes",
          "10485760",
          whole(0, ANY),
          "Maximum length of `actions.log` in bytes. It has one line of JSON for each call to LM"
              + " Studio, without prompts, answers and keys. When it is full, it is renamed to"
              + " `actions.log.1`, and so on up to `.4`. 0: no action log.");
  static final ConfigKey<Boolean> SIMULATOR =
      key(
          "lm-studio.simulator",
          "false",
          bool(),
          "`true`: the server serves the built-in simulator at `/simulator`, and uses it as LM"
              + " Studio unless an address is set. Allowed only with `app.env=local`.");

  private ConfigKeys() {}

  /** Returns all keys, in the order of the reference: those of {@link LimitKeys} come last. */
  static List<ConfigKey<?>> all() {
    LimitKeys.load();
    return Collections.unmodifiableList(TABLE);
  }

  /** Returns the keys that determine the address of LM Studio. */
  static Set<ConfigKey<?>> address() {
    return Set.of(BASE_URL, SCHEME, HOST, PORT);
  }

  static <T> ConfigKey<T> key(String name, String value, ValueType<T> type, String text) {
    return add(new ConfigKey<>(name, value, type, false, text));
  }

  static ConfigKey<Duration> time(String name, String value, String text) {
    return add(new ConfigKey<>(name, value, duration("0s", "168h"), false, text));
  }

  private static <T> ConfigKey<T> secret(String name, ValueType<T> type, String text) {
    return add(new ConfigKey<>(name, null, type, true, text));
  }

  private static <T> ConfigKey<T> add(ConfigKey<T> key) {
    TABLE.add(key);
    return key;
  }
}
