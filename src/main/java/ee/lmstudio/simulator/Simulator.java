package ee.lmstudio.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * START HERE: an LM Studio that needs no model. It knows every route. For any thread.
 *
 * <p>Its state is bounded: which models are loaded or downloaded, and the newest responses.
 */
public final class Simulator implements Responder {
  private final SimulatorSettings settings;
  private final SimulatorState state;

  /**
   * @param startedAt when the simulator started, for {@code uptime_ms}
   */
  public Simulator(SimulatorSettings settings, Instant startedAt) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.state = SimulatorState.at(Objects.requireNonNull(startedAt, "startedAt"));
  }

  @Override
  public SimulatorReply reply(SimulatorRequest request, Instant now) {
    Express express = new Express(settings.version());
    try {
      SimulatorSettings wanted =
          SimulatorHeaders.apply(settings, request)
              .withModels(state.downloads().with(settings.models(), now));
      express = new Express(wanted.version());
      ApiTokens tokens =
          new ApiTokens(wanted.version().hasApiTokens() ? settings.apiTokens() : Map.of());
      return new SimulatorCall(request, wanted, tokens.permissions(request), state, now).answer();
    } catch (Refusal refusal) {
      return express.json(refusal.status(), refusal.json(), Duration.ZERO);
    }
  }
}
