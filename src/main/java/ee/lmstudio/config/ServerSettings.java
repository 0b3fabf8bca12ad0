package ee.lmstudio.config;

import ee.lmstudio.sdk.internal.net.CidrBlock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings of this server. {@link ConfigKeys} has the defaults.
 *
 * @param enabled whether the API works; if false, every API call is answered with 503 {@code
 *     feature_disabled}
 * @param features which optional features this server offers
 * @param environment where the server runs, which decides which settings are refused
 * @param accessTokens the callers who may use the server; if empty, nobody may, except that the
 *     server creates a token in {@code local}
 * @param listenAddress the literal address that the server listens on; {@code 0.0.0.0} and {@code
 *     ::} stand for all addresses
 * @param allowedServerNames the values of {@code Host} that are accepted, in lower case and without
 *     port; if empty, the names of this machine and the address that the client connected to
 * @param trustedProxies the proxies whose {@code X-Forwarded-*} headers are used; may be empty
 * @param maxJsonBytes the maximum length of a JSON request body
 * @param relayPaths the paths below {@code /v1} whose requests are passed on to LM Studio, besides
 *     those that the OpenAI door itself has; may be empty
 * @param bodies the limits of request bodies while they arrive
 * @param streams the limits of streams
 * @param listeners the limits of listeners
 * @param guards the limits of calls to an upstream
 * @param readiness what {@code /health/ready} depends on
 * @param warmUp how long the server warms itself before it is ready; zero: not at all
 * @param storageDir the directory of the files that the server and the command line share
 * @param actionLogBytes the maximum length of each file of the action log; 0: no action log
 * @param simulator whether the built-in simulator is served
 */
public record ServerSettings(
    boolean enabled,
    Features features,
    Environment environment,
    List<AccessToken> accessTokens,
    String listenAddress,
    List<String> allowedServerNames,
    List<CidrBlock> trustedProxies,
    int maxJsonBytes,
    List<String> relayPaths,
    Bodies bodies,
    Streams streams,
    Listeners listeners,
    Guards guards,
    Readiness readiness,
    Duration warmUp,
    Path storageDir,
    int actionLogBytes,
    boolean simulator) {

  /**
   * Limits of request bodies while they arrive.
   *
   * @param timeout how long a body may take to arrive completely; zero: no limit
   * @param maxUnfinishedPerCaller the maximum number of requests of one caller whose bodies have
   *     not arrived completely; 0: no limit
   * @param maxAudioBytes the maximum length of a body with a recording, in bytes
   */
  public record Bodies(Duration timeout, int maxUnfinishedPerCaller, int maxAudioBytes) {}

  /**
   * Features that operators must switch on.
   *
   * @param audio whether transcription, translation and speech are offered
   * @param images whether image generation is offered
   */
  public record Features(boolean audio, boolean images) {}

  /**
   * Limits of streams.
   *
   * @param max the maximum number of running streams; the same number may wait; 0: no limit
   * @param maxPerCaller the maximum number of running streams of one caller; the same number may
   *     wait; 0: no limit
   * @param queueTimeout how long a stream may wait in the queue; zero: streams do not wait
   * @param startsPerMinute how many generations one caller may start in a minute; 0: no limit
   * @param orphanGrace how long a stream without listeners continues; zero: it is cancelled at once
   * @param openAiOrphanGrace the same for a stream that was started through the OpenAI door, unless
   *     the request names another time
   * @param retention how long a finished stream can be read; zero: not at all
   * @param progressAfter how long a stream may be silent before its first text until listeners are
   *     told what it waits for
   * @param keepAlive how long a stream may be silent until its listeners are sent a comment
   * @param stopPatience how long running streams may continue when the server stops; zero: not at
   *     all
   */
  public record Streams(
      int max,
      int maxPerCaller,
      Duration queueTimeout,
      int startsPerMinute,
      Duration orphanGrace,
      Duration openAiOrphanGrace,
      Duration retention,
      Duration progressAfter,
      Duration keepAlive,
      Duration stopPatience) {

    /** Returns a copy that does not limit how many streams there are. */
    public Streams withoutLimits() {
      return new Streams(
          0,
          0,
          queueTimeout,
          0,
          orphanGrace,
          openAiOrphanGrace,
          retention,
          progressAfter,
          keepAlive,
          stopPatience);
    }
  }

  /**
   * Limits of the clients that follow streams.
   *
   * @param maxPerStream the maximum number of listeners of one stream; 0: no limit
   * @param maxPerCaller the maximum number of listeners of one caller, for all streams together; 0:
   *     no limit
   */
  public record Listeners(int maxPerStream, int maxPerCaller) {}

  /**
   * Limits of calls to an upstream. Each upstream has its own circuit breakers and limits.
   *
   * @param breakerCalls the number of recent calls that a circuit breaker looks at; it opens if
   *     half of them failed; 0: there is no circuit breaker
   * @param breakerDelay how long an open circuit breaker refuses calls
   * @param maxPlain the maximum number of concurrent listings and embeddings; 0: no limit
   * @param maxWork the maximum number of concurrent calls for audio, images and loading a model; 0:
   *     no limit
   */
  public record Guards(int breakerCalls, Duration breakerDelay, int maxPlain, int maxWork) {}

  public ServerSettings {
    accessTokens = List.copyOf(accessTokens);
    allowedServerNames = List.copyOf(allowedServerNames);
    trustedProxies = List.copyOf(trustedProxies);
    relayPaths = List.copyOf(relayPaths);
  }
}
