package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonClientTest {
  /** Whoever closes the SDK may come between a call's last look and its request. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closedClient_sendsNothing(boolean prepared) {
    try (SocketSimulator server = SocketSimulator.scripted();
        Connector connector = new Connector(LmStudioSettings.at(server.url().toString()))) {
      JsonClient client = new JsonClient(server.url(), connector);
      if (prepared) {
        client.prepare();
      }
      client.close();
      client.prepare();
      RequestMarks marks = new RequestMarks(LmStudioSettings.at("http://127.0.0.1"), exchange());
      assertThatThrownBy(() -> client.get("health", 100, marks))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(
              () -> client.post("v1/embeddings", JsonValue.EMPTY_JSON_OBJECT, 100, marks))
          .isInstanceOf(IllegalStateException.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  private static Exchange exchange() {
    return new Exchange(new StopSwitch(), () -> {}, version -> {});
  }
}
