package ee.lmstudio.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * JavaScript clients against the packaged server: OpenAI's own and the Vercel AI SDK. The tests are
 * JavaScript, in {@code src/test/clients}, and start the server themselves.
 */
@DisabledIfSystemProperty(named = "skipNode", matches = ".*")
class JavaScriptClientsIT {
  @Test
  void clientTests_passAgainstThePackagedServer() throws Exception {
    File log = new File("target/client-test.log");
    ProcessBuilder npm = new ProcessBuilder("npm", "run", "client-test");
    npm.environment().put("JAVA_HOME", System.getProperty("java.home"));
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
