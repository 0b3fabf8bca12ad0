package ee.lmstudio.config;

import ee.lmstudio.sdk.internal.net.CidrBlock;
import java.time.Duration;
import java.util.List;

/**
 * How this server behaves towards its callers. {@link ConfigKeys} has the defaults.
 *
 * @param enabled false: every API call is answered 503 {@code feature_disabled}
 * @param environment decides how strict the server is
 * @param accessTokens who may use it; empty: nobody, but in {@code local} a token is made up
 * @param listenAddress literal address of this machine that is listened on; {@code 0.0.0.0} or
 *     {@code ::} stand for all
 * @param allowedServerNames {@code Host} values that are answered, lower case without port; empty:
 *     names of this machine and the address that was called
 * @param trustedProxies whose {@code X-Forwarded-*} headers are believed; empty: nobody's
 * @param maxJsonBytes longest JSON body
 * @param streams limits of streams
 * @param guards when plain calls to a machine are refused
 * @param readiness what {@code /health/ready} depends on
 * @param simulator whether the built-in simulator is served
 */
public record ServerSettings(
    boolean enabled,
    Environment environment,
    List<AccessToken> accessTokens,
    String listenAddress,
    List<String> allowedServerNames,
    List<CidrBlock> trustedProxies,
    int maxJsonBytes,
    Streams streams,
    Guards guards,
    Readiness readiness,
    boolean simulator) {

  /**
   * Limits of streams.
   *
   * @param max running at once, all callers together, and as many waiting; 0: no limit
   * @param maxPerCaller running at once for one caller, and as many waiting; 0: no limit
   * @param queueTimeout how long one may wait for its turn; zero: not at all
   * @param startsPerMinute that one caller may start in a minute; 0: no limit
   * @param orphanGrace how long one without a listener goes on; zero: cancelled at once
   * @param retention how long a finished one can be read; zero: not at all
   * @param progressAfter silence before the first text after which listeners are told what it waits
   *     for
   * @param keepAlive silence after which listeners get a comment
   * @param stopPatience how long running ones may go on when the server stops; zero: not at all
   */
  public record Streams(
      int max,
      int maxPerCaller,
      Duration queueTimeout,
      int startsPerMinute,
      Duration orphanGrace,
      Duration retention,
      Duration progressAfter,
      Duration keepAlive,
      Duration stopPatience) {}

  /**
   * When plain calls to a machine are refused. Each machine has breakers and limits of its own.
   *
   * @param breakerCalls how many recent calls a circuit breaker looks at; it opens when half of
   *     them failed; 0: there is no breaker
   * @param breakerDelay how long an open breaker refuses calls
   * @param maxPlain listings and embeddings at once; 0: no limit
   * @param maxWork calls for audio, images and loading a model at once; 0: no limit
   */
  public record Guards(int breakerCalls, Duration breakerDelay, int maxPlain, int maxWork) {}

  public ServerSettings {
    accessTokens = List.copyOf(accessTokens);
    allowedServerNames = List.copyOf(allowedServerNames);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
