package ee.lmstudio.simulator;

import java.time.Instant;

/**
 * What a simulator remembers from one request to the next.
 *
 * @param startedAt when the simulator started
 * @param loaded the models that are loaded
 */
record SimulatorState(Instant startedAt, LoadedModels loaded) {

  static SimulatorState at(Instant startedAt) {
    return new SimulatorState(startedAt, new LoadedModels());
  }
}
