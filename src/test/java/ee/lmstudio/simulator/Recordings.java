package ee.lmstudio.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads what LM Studio sent: src/test/resources/lm-studio-wire. */
final class Recordings {
  private Recordings() {}

  static String text(String name) throws IOException {
    try (InputStream in = Recordings.class.getResourceAsStream("/lm-studio-wire/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
