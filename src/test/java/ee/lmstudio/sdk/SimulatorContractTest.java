package ee.lmstudio.sdk;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import org.junit.jupiter.api.AfterEach;

/** The contract with the simulator's own answers. */
class SimulatorContractTest extends SdkContractTest {
  private final SocketSimulator server =
      SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
  private final LmStudioSettings settings = LmStudioSettings.at(server.url().toString());
  private final LmStudio sdk = LmStudio.connect(settings);
  private final LmStudio plain =
      LmStudio.connect(settings.toBuilder().streamingEnabled(false).build());
  private final LmStudio media =
      LmStudio.connect(settings.toBuilder().audioEnabled(true).imagesEnabled(true).build());

  @AfterEach
  void close() {
    sdk.close();
    plain.close();
    media.close();
    server.close();
  }

  @Override
  SdkContract sdk() {
    return sdk;
  }

  @Override
  SdkContract plain() {
    return plain;
  }

  @Override
  SdkContract media() {
    return media;
  }

  @Override
  boolean hasMedia() {
    return false;
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
