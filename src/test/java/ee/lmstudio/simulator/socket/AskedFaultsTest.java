package ee.lmstudio.simulator.socket;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedFaultsTest {
  private static final SimulatorSettings FAST =
      SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);

  private static String answer(SimulatorSettings settings, String fault) throws IOException {
    try (SocketSimulator simulator = SocketSimulator.start(settings);
        RawClient client = new RawClient(simulator.url())) {
      return client
          .send(
              "GET /lmstudio-greeting HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  + "x-simulator-fault: "
                  + fault
                  + "\r\n\r\n")
          .readToEnd();
    }
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void cut_happensAtItsByte() throws IOException {
    assertThat(body(answer(FAST.withFaultsByHeader(), "cut@7"))).isEqualTo("{\"lmstu");
  }

  @Test
  void severalFaults_happenTogether() throws IOException {
    assertThat(body(answer(FAST.withFaultsByHeader(), "corrupt@2, cut@7"))).isEqualTo("{\"\"mstu");
  }

  @Test
  void faultThatIsAWholeAnswer_replacesTheSimulators() throws IOException {
    assertThat(answer(FAST.withFaultsByHeader(), "status-503")).startsWith("HTTP/1.1 503 ");
  }

  @ParameterizedTest
  @CsvSource({
    "explode@3, X-Simulator-Fault: 'explode' is not the name of a fault. Allowed: cut@byte",
    "cut, X-Simulator-Fault: 'cut' has no position",
    "a\"b\\c@1, X-Simulator-Fault: 'a'b/c' is not the name"
  })
  void invalidHeader_isRefusedWithWhatIsAllowed(String fault, String message) throws IOException {
    String answer = answer(FAST.withFaultsByHeader(), fault);
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(body(answer)).startsWith("{\"error\":\"" + message);
  }

  @Test
  void headerThatTheSettingsDoNotAllow_isRefused() throws IOException {
    String answer = answer(FAST, "cut@7");
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(body(answer))
        .contains("X-Simulator-Fault is not allowed here", "withFaultsByHeader()");
  }

  @Test
  void script_comesBeforeTheHeader() throws IOException {
    try (SocketSimulator simulator = SocketSimulator.start(FAST.withFaultsByHeader());
        RawClient client = new RawClient(simulator.url())) {
      simulator.enqueue(Script.respondWithJson(418, "{}").delimitedByClose());
      assertThat(
              client
                  .send("GET /x HTTP/1.1\r\nHost: x\r\nX-Simulator-Fault: status-503\r\n\r\n")
                  .readToEnd())
          .startsWith("HTTP/1.1 418 ");
    }
  }

  @Test
  void faultsOfEveryGeneration_giveWayToTheHeaderAndSpareOtherRequests() throws IOException {
    try (SocketSimulator simulator =
        SocketSimulator.answering(FAST.withFaultsByHeader())
            .faults(NamedFault.parse("status-503"))
            .start()) {
      for (int i = 0; i < 2; i++) {
        try (RawClient client = new RawClient(simulator.url())) {
          assertThat(client.post("/v1/chat/completions", "{}").readUntil("\r\n"))
              .startsWith("HTTP/1.1 503 ");
        }
      }
      try (RawClient client = new RawClient(simulator.url())) {
        assertThat(client.get("/v1/models").readUntil("\r\n")).startsWith("HTTP/1.1 200 ");
      }
      try (RawClient client = new RawClient(simulator.url())) {
        assertThat(
                client
                    .send("POST /v1/completions HTTP/1.1\r\nX-Simulator-Fault: status-429\r\n\r\n")
                    .readUntil("\r\n"))
            .startsWith("HTTP/1.1 429 ");
      }
    }
  }
}
