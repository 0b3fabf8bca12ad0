package ee.lmstudio.simulator;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The settings of a simulator.
 *
 * @param version the version of LM Studio that is simulated
 * @param speed how fast it answers
 * @param seed chooses the answers; the {@code seed} of a request takes precedence
 * @param models the models that it offers: at least one, each id only once
 * @param loadsOnDemand whether a request loads the model that it names; if false, a request for a
 *     model that is not loaded at the start is refused
 * @param apiTokens the API tokens that are accepted, with their permissions, for version 0.4.0 or
 *     later; empty: none is required
 * @param faultsByHeader whether a request can ask for a fault with {@code X-Simulator-Fault}; if
 *     false, such a request is refused. Only {@code SocketSimulator} can produce faults
 */
public record SimulatorSettings(
    SimulatedVersion version,
    Speed speed,
    long seed,
    List<SimulatedModel> models,
    boolean loadsOnDemand,
    Map<String, Set<TokenPermission>> apiTokens,
    boolean faultsByHeader) {

  public SimulatorSettings {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(speed, "speed");
    models = List.copyOf(models);
    apiTokens = Map.copyOf(apiTokens);
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models is empty. Allowed: at least one model");
    }
    Set<String> ids = new HashSet<>();
    for (SimulatedModel model : models) {
      if (!ids.add(model.id())) {
        throw new IllegalArgumentException("models has '" + model.id() + "' twice");
      }
    }
  }

  /**
   * Returns the defaults: LM Studio 0.4.24 at 40 tokens a second, with seed 1 and {@link
   * SimulatedModel#DEFAULTS}.
   */
  public static SimulatorSettings defaults() {
    return new SimulatorSettings(
        SimulatedVersion.DEFAULT, Speed.DEFAULT, 1, SimulatedModel.DEFAULTS, true, Map.of(), false);
  }

  /** Returns a copy with another version. */
  public SimulatorSettings withVersion(SimulatedVersion value) {
    return new SimulatorSettings(
        value, speed, seed, models, loadsOnDemand, apiTokens, faultsByHeader);
  }

  /** Returns a copy with another speed. */
  public SimulatorSettings withSpeed(Speed value) {
    return new SimulatorSettings(
        version, value, seed, models, loadsOnDemand, apiTokens, faultsByHeader);
  }

  /** Returns a copy with another seed. */
  public SimulatorSettings withSeed(long value) {
    return new SimulatorSettings(
        version, speed, value, models, loadsOnDemand, apiTokens, faultsByHeader);
  }

  /** Returns a copy with other models. */
  public SimulatorSettings withModels(List<SimulatedModel> value) {
    return new SimulatorSettings(
        version, speed, seed, value, loadsOnDemand, apiTokens, faultsByHeader);
  }

  /** Returns a copy that refuses requests for models that are not loaded at the start. */
  public SimulatorSettings withoutLoadingOnDemand() {
    return new SimulatorSettings(version, speed, seed, models, false, apiTokens, faultsByHeader);
  }

  /** Returns a copy that also accepts these API tokens, each with all permissions. */
  public SimulatorSettings withApiTokens(String... values) {
    SimulatorSettings settings = this;
    for (String value : values) {
      settings = settings.withApiToken(value, EnumSet.allOf(TokenPermission.class));
    }
    return settings;
  }

  /**
   * Returns a copy that also accepts this API token. As soon as there is one, version 0.4.0 or
   * later requires a token.
   *
   * @param permissions what the token allows, besides requests without {@code integrations}
   */
  public SimulatorSettings withApiToken(String value, Set<TokenPermission> permissions) {
    Map<String, Set<TokenPermission>> tokens = new HashMap<>(apiTokens);
    tokens.put(value, Set.copyOf(permissions));
    return new SimulatorSettings(
        version, speed, seed, models, loadsOnDemand, tokens, faultsByHeader);
  }

  /** Returns a copy in which a request can ask for a fault with {@code X-Simulator-Fault}. */
  public SimulatorSettings withFaultsByHeader() {
    return new SimulatorSettings(version, speed, seed, models, loadsOnDemand, apiTokens, true);
  }
}
