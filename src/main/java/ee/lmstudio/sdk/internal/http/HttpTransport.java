package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;

/**
 * The JAX-RS client, set up for LM Studio: for streams, multipart and binary. Plain JSON has a
 * {@link JsonClient} over the same connector.
 *
 * <p>A connection serves one exchange. LM Studio closes idle ones after 5 s, and a generation
 * posted on a dying connection could have arrived or not; a fresh one costs a fraction of a
 * millisecond and leaves no doubt. For the same reason nothing here retries, redirects or asks for
 * compression.
 */
public final class HttpTransport implements AutoCloseable {
  private final Connector connector;
  private final Client client;
  private final WebTarget root;
  private final JsonClient json;

  public HttpTransport(LmStudioSettings settings) {
    connector = new Connector(settings);
    ClientConfig config = new ClientConfig().connectorProvider(new Apache5ConnectorProvider());
    connector.configure(config);
    client = ClientBuilder.newClient(config);
    root = client.target(settings.baseUrl());
    // Jersey sets itself up at the first request, and loads classes under locks while it does. This
    // is that request, never sent: it comes on the thread that connects (docs/decisions/0111).
    root.request();
    json = new JsonClient(settings.baseUrl(), connector);
  }

  /**
   * A request to {@code path}.
   *
   * @param settings whose key, headers and connect limit it has; a key beats a header {@code
   *     Authorization}
   * @param exchange watches the request and can break it off
   */
  public Invocation.Builder request(
      String path, String accept, LmStudioSettings settings, Exchange exchange) {
    Invocation.Builder request = root.path(path).request(accept);
    RequestMarks marks = new RequestMarks(settings, exchange);
    marks.headers().forEach(request::header);
    marks.properties().forEach(request::property);
    return request;
  }

  JsonClient json() {
    return json;
  }

  @Override
  public void close() {
    client.close();
    json.close();
    connector.close();
  }
}
