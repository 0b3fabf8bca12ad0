package ee.lmstudio.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads what LM Studio sent: src/test/resources/lm-studio-wire. */
public final class Recordings {
  private Recordings() {}

  static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  public static byte[] bytes(String name) throws IOException {
    try (InputStream in = Recordings.class.getResourceAsStream("/lm-studio-wire/" + name)) {
      return in.readAllBytes();
    }
  }
}
