package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs tests that are written in JavaScript. */
public final class NpmTests {
  private NpmTests() {}

  /**
   * Runs a script of package.json within 10 minutes, and fails if the script fails.
   *
   * @param script its name; its output is in {@code target/SCRIPT.log}
   * @param environment more environment variables
   */
  public static void assertPass(String script, Map<String, String> environment)
      throws IOException, InterruptedException {
    File log = new File("target/" + script + ".log");
    ProcessBuilder npm = new ProcessBuilder("npm", "run", script);
    npm.environment().putAll(environment);
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
