package ee.lmstudio.sdk;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import org.junit.jupiter.api.AfterEach;

/** The contract with the simulator's own answers. */
class SimulatorContractTest extends HttpContractTest {
  private final SocketSimulator server =
      SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));

  @AfterEach
  void close() {
    server.close();
  }

  @Override
  String url() {
    return server.url().toString();
  }

  @Override
  boolean hasMedia() {
    return false;
  }

  @Override
  boolean canLoad() {
    return true;
  }

  @Override
  String model() {
    return "sim-chat";
  }

  @Override
  String embeddingModel() {
    return "text-embedding-sim";
  }

  @Override
  void willStall() {
    server.enqueue(Script.answerAsUsual().goSilentAt(500));
  }

  @Override
  void willRefuseToken() {
    server.enqueue(Script.respondWithJson(401, Recorded.text("err-401-api-token-required.json")));
  }
}
