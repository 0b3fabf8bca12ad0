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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The table of all configuration keys: name, default, allowed values, meaning. */
final class ConfigKeys {
  private static final List<ConfigKey<?>> TABLE = new ArrayList<>();
  private static final int ANY = Integer.MAX_VALUE;

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
  static final ConfigKey<Integer> MAX_JSON_BYTES =
      key(
          "lm-studio.max-json-bytes",
          "8388608",
          whole(1024, ANY),
          "Maximum length of a JSON request body, in bytes.");
  static final ConfigKey<Duration> BODY_TIMEOUT =
      key(
          "lm-studio.body-timeout",
          "30s",
          duration("0s", "1h"),
          "How long a request body may take to arrive completely. After that, the request fails"
              + " with 408. 0s: no limit. In any case, a body that is still arriving after 5 s must"
              + " have brought at least 1 KiB a second on average.");
  static final ConfigKey<Integer> MAX_UNFINISHED_BODIES =
      key(
          "lm-studio.max-unfinished-bodies",
          "64",
          whole(0, ANY),
          "Maximum number of requests of one caller whose bodies have not arrived completely. One"
              + " more such request is refused with 429. 0: no limit. Clients that are not signed"
              + " in may have 8 for each address, and 256 together.");

  static final ConfigKey<Integer> MAX_STREAMS =
      key(
          "lm-studio.max-streams",
          "2000",
          whole(0, ANY),
          "Maximum number of running streams. The same number may wait. 0: no limit.");
  static final ConfigKey<Integer> MAX_STREAMS_PER_CALLER =
      key(
          "lm-studio.max-streams-per-caller",
          "64",
          whole(0, ANY),
          "Maximum number of running streams of one caller. The same number may wait. 0: no"
              + " limit.");
  static final ConfigKey<Integer> MAX_LISTENERS_PER_STREAM =
      key(
          "lm-studio.max-listeners-per-stream",
          "1000",
          whole(0, ANY),
          "Maximum number of listeners of one stream. A further client that attaches to the stream"
              + ", or reads a long state of it, gets 429. 0: no limit.");
  static final ConfigKey<Integer> MAX_LISTENERS_PER_CALLER =
      key(
          "lm-studio.max-listeners-per-caller",
          "2000",
          whole(0, ANY),
          "Maximum number of listeners of one caller, for all streams together. A further client of"
              + " this caller that attaches, or reads a long state, gets 429. 0: no limit. Unless"
              + " it is 0, one caller also gets at most half of the places that the heap allows;"
              + " beyond that, 503.");
  static final ConfigKey<Duration> QUEUE_TIMEOUT =
      time(
          "lm-studio.queue-timeout",
          "30s",
          "How long a stream may wait in the queue before it fails with 429 or 503. 0s: streams do"
              + " not wait.");
  static final ConfigKey<Integer> RATE_LIMIT =
      key(
          "lm-studio.rate-limit",
          "0",
          whole(0, ANY),
          "Maximum number of generations that one caller may start within a minute. 0: no limit.");
  static final ConfigKey<Duration> ORPHAN_GRACE =
      time(
          "lm-studio.orphan-grace",
          "60s",
          "How long a running stream continues without a listener. Then it is cancelled. The time"
              + " starts when the last listener disconnects, and again with each request for the"
              + " stream's state. 0s: it is cancelled at once.");
  static final ConfigKey<Duration> OPENAI_ORPHAN_GRACE =
      time(
          "lm-studio.openai-orphan-grace",
          "0s",
          "How long a generation that was started below `/v1` continues without its client. A"
              + " client that wants to come back sends `X-Orphan-Grace: 30s` with its request. 0s:"
              + " it is cancelled at once.");
  static final ConfigKey<Duration> STREAM_RETENTION =
      time(
          "lm-studio.stream-retention",
          "10m",
          "How long a stream can still be read after its last entry. 0s: it is forgotten at once.");
  static final ConfigKey<Duration> PROGRESS_AFTER =
      key(
          "lm-studio.progress-after",
          "1s",
          duration("100ms", "60s"),
          "How long a stream may be silent before its first text until listeners are told what it"
              + " waits for. 0s is not allowed.");
  static final ConfigKey<Duration> KEEP_ALIVE =
      key(
          "lm-studio.keep-alive",
          "10s",
          duration("100ms", "60s"),
          "How long a stream may be silent until its listeners are sent a comment. 0s is not"
              + " allowed.");
  static final ConfigKey<Duration> STOP_PATIENCE =
      key(
          "lm-studio.stop-patience",
          "10s",
          duration("0s", "60s"),
          "How long running streams may continue after the server was told to stop. Then they are"
              + " cancelled. 0s: they are cancelled at once.");

  static final ConfigKey<Integer> BREAKER_CALLS =
      key(
          "lm-studio.breaker-calls",
          "10",
          whole(0, 1000),
          "Number of recent calls (not generations) to an upstream that its circuit breaker looks"
              + " at. If half of them failed, it refuses further calls. 0: no circuit breaker.");
  static final ConfigKey<Duration> BREAKER_DELAY =
      key(
          "lm-studio.breaker-delay",
          "5s",
          duration("100ms", "1h"),
          "How long an open circuit breaker refuses calls until it lets one through. 0s is not"
              + " allowed.");
  static final ConfigKey<Integer> MAX_PLAIN_CALLS =
      key(
          "lm-studio.max-plain-calls",
          "64",
          whole(0, ANY),
          "Maximum number of short calls (listings, embeddings, unloading a model) that this server"
              + " sends to one upstream at the same time. Further calls are refused with"
              + " `overloaded`. 0: no limit.");
  static final ConfigKey<Integer> MAX_WORK_CALLS =
      key(
          "lm-studio.max-work-calls",
          "16",
          whole(0, ANY),
          "Maximum number of long calls (audio, images, loading a model) that this server sends to"
              + " one upstream at the same time. Further calls are refused with `overloaded`. 0: no"
              + " limit.");

  static final ConfigKey<Readiness> READINESS =
      key(
          "lm-studio.readiness",
          "upstream",
          oneOf(Readiness.class),
          "What `/health/ready` depends on: `upstream` means LM Studio, `self` means this server"
              + " only.");
  static final ConfigKey<Boolean> SIMULATOR =
      key(
          "lm-studio.simulator",
          "false",
          bool(),
          "`true`: the server serves the built-in simulator at `/simulator`, and uses it as LM"
              + " Studio unless an address is set. Allowed only with `app.env=local`.");

  private ConfigKeys() {}

  /** Returns all keys, in the order of the reference. */
  static List<ConfigKey<?>> all() {
    return Collections.unmodifiableList(TABLE);
  }

  /** Returns the keys that determine the address of LM Studio. */
  static Set<ConfigKey<?>> address() {
    return Set.of(BASE_URL, SCHEME, HOST, PORT);
  }

  private static <T> ConfigKey<T> key(String name, String value, ValueType<T> type, String text) {
    return add(new ConfigKey<>(name, value, type, false, text));
  }

  private static ConfigKey<Duration> time(String name, String value, String text) {
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
