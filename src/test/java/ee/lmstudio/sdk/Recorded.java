package ee.lmstudio.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What real LM Studio servers sent; {@code SOURCES.txt} beside the files says which. */
public final class Recorded {
  private Recorded() {}

  /** The bytes of a file in {@code lm-studio-wire}. */
  public static byte[] bytes(String name) {
    return resource("/lm-studio-wire/" + name);
  }

  /** The bytes of a file in {@code cases}, whose {@code case.md} says where it is from. */
  public static byte[] reported(String name) {
    return resource("/cases/" + name);
  }

  private static byte[] resource(String name) {
    try (InputStream in = Recorded.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("There is no recording '" + name + "'");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same as text. */
  public static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /** The body of a recording that begins with its headers. */
  public static String body(String name) {
    String text = text(name);
    return text.substring(text.indexOf('{'));
  }
}
