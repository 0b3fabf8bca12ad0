package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import java.time.Instant;

/** Says in the answer that a test enqueued too few scripts. */
final class NoScriptLeft implements Responder {

  @Override
  public SimulatorReply reply(SimulatorRequest request, Instant now) {
    String text = "No script is left for " + request.method() + " " + request.path();
    return Script.respondWithJson(500, "{\"error\":\"" + text + "\"}").reply();
  }
}
