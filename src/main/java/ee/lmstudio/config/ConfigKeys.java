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

/** Every key there is, once: name, default, allowed values, meaning. */
final class ConfigKeys {
  private static final List<ConfigKey<?>> TABLE = new ArrayList<>();
  private static final int ANY = Integer.MAX_VALUE;

  static final ConfigKey<Boolean> ENABLED =
      key("features.lmstudio.enabled", "true", bool(), "Off: every API call answers 503.");
  static final ConfigKey<Environment> APP_ENV =
      key("app.env", "production", oneOf(Environment.class), "Decides how strict the server is.");

  static final ConfigKey<URI> BASE_URL =
      key(
          "lm-studio.base-url",
          null,
          ValueTypes.address(),
          "Address of LM Studio, with or without `/v1`. Without it, the next three make it up.");
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
          "Sent to LM Studio as `Authorization: Bearer`. Needed outside `local`.");
  static final ConfigKey<Map<String, String>> EXTRA_HEADERS =
      secret(
          "lm-studio.extra-headers", ValueTypes.headers(), "More request headers for LM Studio.");
  static final ConfigKey<List<String>> ALLOWED_HOSTS =
      key(
          "lm-studio.allowed-hosts",
          String.join(",", LmStudioSettings.LOOPBACK_HOSTS),
          ValueTypes.hostRules(),
          "Hosts that may be called. Link-local and metadata addresses never are.");
  static final ConfigKey<Boolean> VERIFY_TLS =
      key(
          "lm-studio.verify-tls",
          "true",
          bool(),
          "Off: any certificate of LM Studio is accepted. Refused outside `local`.");

  static final ConfigKey<Duration> CONNECT_TIMEOUT =
      time(
          "lm-studio.connect-timeout",
          "2s",
          "From the start of a connect until the connection stands; each of the two "
              + "tries anew. 0s: no limit.");
  static final ConfigKey<Duration> TIMEOUT =
      time(
          "lm-studio.timeout",
          "60s",
          "A call that generates nothing, from call to result, with retries and pauses. "
              + "0s: no limit.");
  static final ConfigKey<Duration> GENERATION_TIMEOUT =
      time(
          "lm-studio.generation-timeout",
          "10m",
          "A generation, also of audio and images, from its turn to its end, with all "
              + "attempts and pauses. 0s: no limit.");
  static final ConfigKey<Duration> FIRST_TOKEN_TIMEOUT =
      time(
          "lm-studio.first-token-timeout",
          "120s",
          "Each attempt at a generation, from the sent request to the first text, "
              + "reasoning or tool fragment; a model may have to load first. Not streamed: to "
              + "the headers. 0s: no limit.");
  static final ConfigKey<Duration> IDLE_TIMEOUT =
      time(
          "lm-studio.idle-timeout",
          "90s",
          "From one event of a stream to the next, after the first token; comments count "
              + "for 10 minutes. 0s: no limit.");
  static final ConfigKey<Integer> MAX_RETRIES =
      key(
          "lm-studio.max-retries",
          "2",
          whole(0, 10),
          "How often a call is repeated after an answer that invites it (408, 429, 500, 502, 503,"
              + " 504). 0: never.");
  static final ConfigKey<StreamRecovery> STREAM_RECOVERY =
      key(
          "lm-studio.stream-recovery",
          "restart",
          oneOf(StreamRecovery.class),
          "After a break in mid-text: `restart` voids the text and tries again, `off` fails.");
  static final ConfigKey<Boolean> ENABLE_STREAMING =
      key("lm-studio.enable-streaming", "true", bool(), "Off: every call to LM Studio is plain.");
  static final ConfigKey<Integer> STREAM_RETRY_MS =
      key(
          "lm-studio.stream-retry-ms",
          "250",
          whole(0, 60_000),
          "Milliseconds from the break of a stream to the second attempt. 0: at once.");
  static final ConfigKey<String> DEFAULT_MODEL =
      key("lm-studio.default-model", null, ValueTypes.text(), "Used when a request names none.");
  static final ConfigKey<String> DEFAULT_EMBEDDING_MODEL =
      key(
          "lm-studio.default-embedding-model",
          null,
          ValueTypes.text(),
          "Used when a request for embeddings names none.");
  static final ConfigKey<Boolean> STRICT_MODEL =
      key(
          "lm-studio.strict-model",
          "false",
          bool(),
          "On: an answer from another model than asked is an error.");
  static final ConfigKey<Boolean> ENABLE_AUDIO =
      key(
          "lm-studio.enable-audio",
          "false",
          bool(),
          "On: transcription, translation and speech may be asked for. LM Studio 0.2.20 and"
              + " later.");
  static final ConfigKey<Boolean> ENABLE_IMAGES =
      key(
          "lm-studio.enable-images",
          "false",
          bool(),
          "On: images may be asked for. LM Studio 0.2.21 and later.");

  static final ConfigKey<List<AccessToken>> ACCESS_TOKENS =
      secret(
          "lm-studio.access-tokens",
          ValueTypes.accessTokens(),
          "Who may use this server. Without it nobody may; in `local` a token is made up.");
  static final ConfigKey<String> LISTEN_ADDRESS =
      key(
          "lm-studio.listen-address",
          "127.0.0.1",
          ValueTypes.ownAddress(),
          "Address of this machine that the packaged server listens on. 0.0.0.0: all of them."
              + " Only as system property or environment variable.");
  static final ConfigKey<List<String>> ALLOWED_SERVER_NAMES =
      key(
          "lm-studio.allowed-server-names",
          null,
          listOf(
              "host names or addresses without port, comma separated",
              name -> ValueTypes.serverName(name.toLowerCase(Locale.ROOT))),
          "`Host` values that are answered. Without it: the names of this machine"
              + " (`localhost`, 127.0.0.1, ::1) and the address that was called.");
  static final ConfigKey<List<CidrBlock>> TRUSTED_PROXIES =
      key(
          "lm-studio.trusted-proxies",
          null,
          listOf("addresses or CIDR blocks, comma separated", CidrBlock::parse),
          "Proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed.");
  static final ConfigKey<Integer> MAX_JSON_BYTES =
      key("lm-studio.max-json-bytes", "8388608", whole(1024, ANY), "Longest JSON body, in bytes.");

  static final ConfigKey<Integer> MAX_STREAMS =
      key(
          "lm-studio.max-streams",
          "2000",
          whole(0, ANY),
          "Running streams; as many more may wait. 0: no limit.");
  static final ConfigKey<Integer> MAX_STREAMS_PER_CALLER =
      key(
          "lm-studio.max-streams-per-caller",
          "64",
          whole(0, ANY),
          "Running streams of one caller; as many more may wait. 0: no limit.");
  static final ConfigKey<Duration> QUEUE_TIMEOUT =
      time(
          "lm-studio.queue-timeout",
          "30s",
          "From a stream's request to its turn; then 429 or 503. 0s: it does not wait.");
  static final ConfigKey<Integer> RATE_LIMIT =
      key(
          "lm-studio.rate-limit",
          "0",
          whole(0, ANY),
          "Generations that one caller may start in a minute. 0: no limit.");
  static final ConfigKey<Duration> ORPHAN_GRACE =
      time(
          "lm-studio.orphan-grace",
          "60s",
          "From when the last listener of a running stream left, or last polled, until "
              + "it is cancelled. 0s: cancelled at once.");
  static final ConfigKey<Duration> STREAM_RETENTION =
      time(
          "lm-studio.stream-retention",
          "10m",
          "From the last entry of a stream until it cannot be read any more. 0s: "
              + "forgotten at once.");
  static final ConfigKey<Duration> PROGRESS_AFTER =
      key(
          "lm-studio.progress-after",
          "1s",
          duration("100ms", "60s"),
          "Silence before the first text after which listeners are told what a stream "
              + "waits for. Never 0s.");
  static final ConfigKey<Duration> KEEP_ALIVE =
      key(
          "lm-studio.keep-alive",
          "10s",
          duration("100ms", "60s"),
          "Silence after which the listeners of a stream get a comment. Never 0s.");
  static final ConfigKey<Duration> STOP_PATIENCE =
      key(
          "lm-studio.stop-patience",
          "10s",
          duration("0s", "60s"),
          "From the stop of the server until streams that run are cancelled. 0s: "
              + "cancelled at once.");

  static final ConfigKey<Integer> BREAKER_CALLS =
      key(
          "lm-studio.breaker-calls",
          "10",
          whole(0, 1000),
          "How many recent plain calls to a machine its circuit breaker looks at. When half of them"
              + " failed, further ones are refused. 0: no circuit breaker.");
  static final ConfigKey<Duration> BREAKER_DELAY =
      key(
          "lm-studio.breaker-delay",
          "5s",
          duration("100ms", "1h"),
          "From when a circuit breaker opens until it lets one call through. Never 0s.");
  static final ConfigKey<Integer> MAX_PLAIN_CALLS =
      key(
          "lm-studio.max-plain-calls",
          "64",
          whole(0, ANY),
          "Listings and embeddings that one machine is asked for at once; more are refused with"
              + " `overloaded`. 0: no limit.");
  static final ConfigKey<Integer> MAX_WORK_CALLS =
      key(
          "lm-studio.max-work-calls",
          "16",
          whole(0, ANY),
          "Calls for audio, images and loading a model that one machine gets at once; more are"
              + " refused with `overloaded`. 0: no limit.");

  static final ConfigKey<Readiness> READINESS =
      key(
          "lm-studio.readiness",
          "upstream",
          oneOf(Readiness.class),
          "What `/health/ready` depends on: LM Studio, or this server alone.");
  static final ConfigKey<Boolean> SIMULATOR =
      key(
          "lm-studio.simulator",
          "false",
          bool(),
          "Serve the built-in simulator at `/simulator` and use it, unless an address is set."
              + " Only in `local`.");

  private ConfigKeys() {}

  /** The table, in the order of the reference. */
  static List<ConfigKey<?>> all() {
    return Collections.unmodifiableList(TABLE);
  }

  /** The keys that say where LM Studio is. */
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
