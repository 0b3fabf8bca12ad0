package ee.lmstudio.web;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.SharedServer;
import java.io.File;
import java.util.concurrent.TimeUnit;
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
    File log = new File("target/browser-test.log");
    ProcessBuilder npm = new ProcessBuilder("npm", "run", "browser-test");
    npm.environment().put("PLAYGROUND_URL", address);
    npm.environment().put("PLAYGROUND_TOKEN", PayaraServer.ALICE);
    npm.redirectErrorStream(true).redirectOutput(log);
    Process tests = npm.start();
    boolean ended = tests.waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      tests.descendants().forEach(ProcessHandle::destroyForcibly);
      tests.destroyForcibly();
    }
    assertThat(ended && tests.exitValue() == 0).as("see %s", log).isTrue();
  }
}
