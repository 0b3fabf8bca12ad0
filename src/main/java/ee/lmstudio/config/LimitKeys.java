package ee.lmstudio.config;

import static ee.lmstudio.config.ConfigKeys.ANY;
import static ee.lmstudio.config.ConfigKeys.key;
import static ee.lmstudio.config.ConfigKeys.time;
import static ee.lmstudio.config.ValueType.duration;
import static ee.lmstudio.config.ValueType.whole;

import java.time.Duration;

/** The configuration keys of the limits of requests, streams and calls. */
final class LimitKeys {
  static final ConfigKey<Integer> MAX_JSON_BYTES =
      key(
          "lm-studio.max-json-bytes",
          "8388608",
          whole(1024, ANY),
          "Maximum length of a JSON request body, in bytes.");
  static final ConfigKey<Integer> MAX_AUDIO_BYTES =
      key(
          "lm-studio.max-audio-bytes",
          "104857600",
          whole(1024, 1 << 30),
          "Maximum length of a request body with a recording, in bytes. Such bodies are kept in"
              + " temporary files (`java.io.tmpdir`), which together may take 16 times this"
              + " length on the disk.");
  static final ConfigKey<Duration> BODY_TIMEOUT =
      key(
          "lm-studio.body-timeout",
          "30s",
          duration("0s", "1h"),
          "How long a request body may take to arrive completely. After that, the request fails"
              + " with 408. On paths that allow 10 MiB or more, each full 10 MiB of the allowed"
              + " length adds this time once more. 0s: no limit. In any case, a body that is still"
              + " arriving after 5 s must have brought at least 1 KiB a second on average.");
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
          "Maximum number of generations that one caller may start within a minute. Unused starts"
              + " are saved, up to this number. Answers say what is left in `RateLimit-Limit`,"
              + " `RateLimit-Remaining` and `RateLimit-Reset` (seconds until all of them are there"
              + " again). 0: no limit.");
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

  private LimitKeys() {}

  /** Adds these keys to the table. Only the first call has an effect. */
  static void load() {
    // The class is initialised by this call.
  }
}
