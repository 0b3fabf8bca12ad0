package ee.lmstudio.http.error;

import jakarta.json.JsonBuilderFactory;
import jakarta.json.spi.JsonProvider;
import java.util.Map;

/** Creates the JSON builders of the HTTP classes. */
public final class JsonBuilders {
  /**
   * The shared factory. Each call of {@code Json.create…} would search every jar of the server for
   * the provider, which was measured as a third of the cost of starting a stream.
   */
  public static final JsonBuilderFactory JSON =
      JsonProvider.provider().createBuilderFactory(Map.of());

  private JsonBuilders() {}
}
