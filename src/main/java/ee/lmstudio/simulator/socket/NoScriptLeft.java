package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import java.time.Instant;

/** Answers a request for which no script is left, and says so. */
final class NoScriptLeft implements Responder {

  @Override
  public SimulatorReply reply(SimulatorRequest request, Instant now) {
    String text = "No script is enqueued for " + request.method() + " " + request.path();
    return Script.respondWithJson(500, "{\"error\":\"" + text + "\"}").reply();
  }
}
