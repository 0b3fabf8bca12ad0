package ee.lmstudio.http.error;

import jakarta.json.JsonBuilderFactory;
import jakarta.json.spi.JsonProvider;
import java.util.Map;

/** The JSON builders of the HTTP side. */
public final class JsonBuilders {
  /**
   * The one factory. {@code Json.create…} looks its provider up in every jar of the server at each
   * call: a third of the cost of beginning a stream when it was measured.
   */
  public static final JsonBuilderFactory JSON =
      JsonProvider.provider().createBuilderFactory(Map.of());

  private JsonBuilders() {}
}
