package ee.lmstudio.simulator;

import java.time.Instant;

/** Computes the answer to a request. It does not wait, reads no clock and starts no thread. */
@FunctionalInterface
public interface Responder {

  /**
   * Returns the answer to {@code request}.
   *
   * @param now when the request arrived
   */
  SimulatorReply reply(SimulatorRequest request, Instant now);
}
