package ee.lmstudio.simulator;

import java.time.Instant;

/** Turns a request into its answer. Does not wait, does not read a clock, starts no thread. */
@FunctionalInterface
public interface Responder {

  /**
   * The answer to {@code request}.
   *
   * @param now when the request arrived
   */
  SimulatorReply reply(SimulatorRequest request, Instant now);
}
