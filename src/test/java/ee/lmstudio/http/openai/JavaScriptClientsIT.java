package ee.lmstudio.http.openai;

import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.NpmTests;
import java.util.Map;
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
    NpmTests.assertPass(
        "client-test", Map.of("CLIENTS_SERVER", String.join("\n", Bundle.quickCommand())));
  }
}
