package ee.lmstudio.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The request headers that choose the answer to one request. The real LM Studio has none of them.
 */
final class SimulatorHeaders {
  static final String TOKENS_PER_SECOND = "X-Simulator-Tokens-Per-Second";
  static final String FIRST_TOKEN_MS = "X-Simulator-First-Token-Ms";
  static final String SEED = "X-Simulator-Seed";
  static final String VERSION = "X-Simulator-Version";
  static final String ANSWER = "X-Simulator-Answer";
  static final String DOWNLOAD_MS = "X-Simulator-Download-Ms";
  static final String TOOL_FAILURE = "X-Simulator-Tool-Failure";
  static final String FAULT = "X-Simulator-Fault";

  private static final List<String> TOOL_FAILURES = List.of("invalid_name", "invalid_arguments");
  private static final Duration DOWNLOAD_TIME = Duration.ofSeconds(10);

  private final SimulatorRequest request;

  private SimulatorHeaders(SimulatorRequest request) {
    this.request = request;
  }

  /**
   * Returns {@code settings} with the changes that the headers of {@code request} ask for.
   *
   * @throws Refusal if the value of a header is invalid
   */
  static SimulatorSettings apply(SimulatorSettings settings, SimulatorRequest request) {
    SimulatorHeaders headers = new SimulatorHeaders(request);
    if (request.header(FAULT).isPresent() && !settings.faultsByHeader()) {
      throw Refusal.text(
          400,
          FAULT
              + " is not allowed here. Start the simulator with"
              + " SimulatorSettings.withFaultsByHeader() or lmstudio simulate --faults-by-header,"
              + " or leave out the header");
    }
    SimulatedVersion version =
        headers.read(VERSION, SimulatedVersion::parse).orElse(settings.version());
    Speed speed = settings.speed();
    Optional<Double> rate = headers.read(TOKENS_PER_SECOND, Double::valueOf);
    Optional<Duration> first =
        headers.read(FIRST_TOKEN_MS, text -> Duration.ofMillis(Long.parseLong(text)));
    if (rate.isPresent() || first.isPresent()) {
      speed =
          headers.checked(
              TOKENS_PER_SECOND + " or " + FIRST_TOKEN_MS,
              () ->
                  new Speed(
                      rate.orElse(settings.speed().tokensPerSecond()),
                      first.orElse(settings.speed().firstToken())));
    }
    long seed = headers.read(SEED, Long::valueOf).orElse(settings.seed());
    return settings.withVersion(version).withSpeed(speed).withSeed(seed);
  }

  /** Returns the text that {@code request} asks for as the answer; empty if it asks for none. */
  static Optional<String> answer(SimulatorRequest request) {
    return new SimulatorHeaders(request)
        .read(ANSWER, text -> URLDecoder.decode(text, StandardCharsets.UTF_8));
  }

  /** Returns how long the download that {@code request} starts takes. Default: 10 s. */
  static Duration downloadTime(SimulatorRequest request) {
    return new SimulatorHeaders(request)
        .read(
            DOWNLOAD_MS,
            text -> {
              long millis = Long.parseLong(text);
              if (millis < 1) {
                throw new IllegalArgumentException("'" + text + "'. Allowed: 1 or more");
              }
              return Duration.ofMillis(millis);
            })
        .orElse(DOWNLOAD_TIME);
  }

  /** Returns how the tool that LM Studio calls is to fail; empty: it succeeds. */
  static Optional<String> toolFailure(SimulatorRequest request) {
    return new SimulatorHeaders(request)
        .read(
            TOOL_FAILURE,
            text -> {
              if (!TOOL_FAILURES.contains(text)) {
                throw new IllegalArgumentException(
                    "'" + text + "'. Allowed: " + String.join(", ", TOOL_FAILURES));
              }
              return text;
            });
  }

  private <T> Optional<T> read(String name, Function<String, T> parse) {
    return request.header(name).map(text -> checked(name, () -> parse.apply(text.strip())));
  }

  private <T> T checked(String name, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw Refusal.text(400, name + ": " + e.getMessage());
    }
  }
}
