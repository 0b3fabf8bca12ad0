package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.SimulatorRequest;
import java.util.Optional;

/** The faults that a request asks for with {@value #HEADER}. */
final class AskedFaults {
  static final String HEADER = "X-Simulator-Fault";

  private AskedFaults() {}

  /**
   * Returns the simulator's own answer with the faults of the header, which are separated by
   * commas. If a fault is a whole answer, it replaces the simulator's. If the header is invalid,
   * the answer is a 400 that says what is allowed.
   */
  static Script of(SimulatorRequest request) {
    Script answer = Script.answerAsUsual();
    Optional<String> asked = request.header(HEADER);
    if (asked.isEmpty()) {
      return answer;
    }
    try {
      for (NamedFault fault : NamedFault.parseAll(asked.get())) {
        answer = fault.in(answer);
      }
      return answer;
    } catch (IllegalArgumentException invalid) {
      String message = (HEADER + ": " + invalid.getMessage()).replace("\"", "'");
      return Script.respondWithJson(400, "{\"error\":\"" + message.replace("\\", "/") + "\"}");
    }
  }
}
