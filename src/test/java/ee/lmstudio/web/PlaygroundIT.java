package ee.lmstudio.web;

import ee.lmstudio.server.NpmTests;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.SharedServer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The page in a real browser against the real server: signs in, streams, reloads in mid-stream,
 * loses its connection, stops. The tests are JavaScript, in {@code src/test/browser}.
 */
@DisabledIfSystemProperty(named = "skipNode", matches = ".*")
@ExtendWith(SharedServer.class)
class PlaygroundIT {
  @Test
  void browserTests_passAgainstTheDeployedWar(PayaraServer server) throws Exception {
    String address = server.baseUrl().toString().replaceAll("/$", "");
    NpmTests.assertPass(
        "browser-test", Map.of("PLAYGROUND_URL", address, "PLAYGROUND_TOKEN", PayaraServer.ALICE));
  }

  /** Also accessibility in every state and theme, and every fault that only a mock can play. */
  @Test
  @Tag("thorough")
  void allBrowserTests_passAgainstTheMock() throws Exception {
    NpmTests.assertPass("browser-test", Map.of());
  }
}
