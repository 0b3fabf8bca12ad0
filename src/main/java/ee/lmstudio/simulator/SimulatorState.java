package ee.lmstudio.simulator;

import java.time.Instant;

/**
 * What a simulator remembers from one request to the next.
 *
 * @param startedAt when the simulator started
 * @param loaded the models that are loaded
 * @param responses the responses that a request can continue
 * @param downloads the models that were downloaded or are being downloaded
 */
record SimulatorState(
    Instant startedAt, LoadedModels loaded, StoredResponses responses, Downloads downloads) {

  static SimulatorState at(Instant startedAt) {
    return new SimulatorState(
        startedAt, new LoadedModels(), new StoredResponses(), new Downloads());
  }
}
