package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.upstreams.RestClientJson;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Plain JSON through MicroProfile Rest Client, as the server sends it. */
class PlainJsonInServerTest extends PlainJsonContract {
  PlainJsonInServerTest() {
    super(RestClientJson::connect);
  }

  /** The client initialises itself by a request that must not reach LM Studio. */
  @Test
  void connecting_sendsNothing() {
    try (ScriptedLmStudio lmStudio =
        new ScriptedLmStudio(UnaryOperator.identity(), RestClientJson::connect)) {
      assertThat(lmStudio.server.requests()).isEmpty();
    }
  }
}
