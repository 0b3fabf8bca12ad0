package ee.lmstudio.simulator;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which LM Studio is imitated, and how fast it is.
 *
 * @param version what it answers like
 * @param speed how fast it answers
 * @param seed chooses the answers; a request's own {@code seed} goes before it
 * @param models the models that are there, at least one, no id twice
 * @param loadsOnDemand false: a model that is not loaded from the start is refused
 */
public record SimulatorSettings(
    SimulatedVersion version,
    Speed speed,
    long seed,
    List<SimulatedModel> models,
    boolean loadsOnDemand) {

  public SimulatorSettings {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(speed, "speed");
    models = List.copyOf(models);
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models is empty, at least one is needed");
    }
    Set<String> ids = new HashSet<>();
    for (SimulatedModel model : models) {
      if (!ids.add(model.id())) {
        throw new IllegalArgumentException("models has '" + model.id() + "' twice");
      }
    }
  }

  /** LM Studio 0.4.24 at 40 tokens a second with seed 1 and {@link SimulatedModel#DEFAULTS}. */
  public static SimulatorSettings defaults() {
    return new SimulatorSettings(
        SimulatedVersion.DEFAULT, Speed.DEFAULT, 1, SimulatedModel.DEFAULTS, true);
  }

  /** The same with another version. */
  public SimulatorSettings withVersion(SimulatedVersion value) {
    return new SimulatorSettings(value, speed, seed, models, loadsOnDemand);
  }

  /** The same with another speed. */
  public SimulatorSettings withSpeed(Speed value) {
    return new SimulatorSettings(version, value, seed, models, loadsOnDemand);
  }

  /** The same with another seed. */
  public SimulatorSettings withSeed(long value) {
    return new SimulatorSettings(version, speed, value, models, loadsOnDemand);
  }

  /** The same with other models. */
  public SimulatorSettings withModels(List<SimulatedModel> value) {
    return new SimulatorSettings(version, speed, seed, value, loadsOnDemand);
  }

  /** The same, but a model that is not loaded from the start is refused. */
  public SimulatorSettings withoutLoadingOnDemand() {
    return new SimulatorSettings(version, speed, seed, models, false);
  }
}
