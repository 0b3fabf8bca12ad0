package ee.lmstudio.sdk.internal.http;

import jakarta.json.JsonObject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;

/**
 * LM Studio's plain JSON endpoints over MicroProfile Rest Client, with the connector of all other
 * requests. For any thread.
 *
 * <p>The Rest Client is made when it is first needed: outside a container that takes some tenths of
 * a second, on a busy machine seconds, and who only streams never needs it.
 */
final class JsonClient implements AutoCloseable {
  private final URI baseUrl;
  private final Connector connector;

  /**
   * Marks the request that this thread is about to make. Methods of a Rest Client have no parameter
   * for what is neither sent nor text, and their filters run on the calling thread.
   */
  private final ThreadLocal<Consumer<ClientRequestContext>> marker = new ThreadLocal<>();

  /** Guarded by this. */
  private JsonEndpoints endpoints;

  /** Guarded by this. */
  private boolean closed;

  JsonClient(URI baseUrl, Connector connector) {
    this.baseUrl = baseUrl;
    this.connector = connector;
  }

  /** Makes the Rest Client if there is none yet. Whoever has a clock to start does this first. */
  synchronized void prepare() {
    if (endpoints == null && !closed) {
      endpoints = make();
    }
  }

  /**
   * Gets JSON.
   *
   * @param path and a query that is encoded already
   * @param longest answer that is read, in bytes
   * @throws UnexpectedAnswerException if the status is not 200
   * @throws IllegalStateException if this is closed
   */
  HttpAnswer get(String path, int longest, RequestMarks marks) throws IOException {
    int mark = path.indexOf('?');
    if (mark < 0) {
      return send(request -> mark(request, marks), json -> json.get(path), longest);
    }
    String query = path.substring(mark);
    return send(
        request -> {
          mark(request, marks);
          request.setUri(URI.create(request.getUri() + query));
        },
        json -> json.get(path.substring(0, mark)),
        longest);
  }

  /**
   * Posts JSON.
   *
   * @param longest answer that is read, in bytes
   * @throws UnexpectedAnswerException if the status is not 200
   * @throws IllegalStateException if this is closed
   */
  HttpAnswer post(String path, JsonObject body, int longest, RequestMarks marks)
      throws IOException {
    return send(request -> mark(request, marks), json -> json.post(path, body.toString()), longest);
  }

  private HttpAnswer send(
      Consumer<ClientRequestContext> how, Function<JsonEndpoints, Response> request, int longest)
      throws IOException {
    JsonEndpoints made = endpoints();
    marker.set(how);
    try (Response response = request.apply(made)) {
      return HttpAnswer.read(response, longest).requireOk();
    } catch (ProcessingException e) {
      throw Failures.unwrap(e);
    } finally {
      marker.remove();
    }
  }

  private synchronized JsonEndpoints endpoints() {
    prepare();
    if (closed) {
      throw new IllegalStateException("Closed");
    }
    return endpoints;
  }

  private JsonEndpoints make() {
    RestClientBuilder builder = RestClientBuilder.newBuilder().baseUri(baseUrl);
    connector.configure(builder);
    return builder
        .register(new Apache5ConnectorProvider())
        .register((ClientRequestFilter) request -> marker.get().accept(request))
        // LM Studio says 200 with an error in it: the SDK reads every answer itself.
        .property("microprofile.rest.client.disable.default.mapper", true)
        .build(JsonEndpoints.class);
  }

  private static void mark(ClientRequestContext request, RequestMarks marks) {
    marks.headers().forEach(request.getHeaders()::putSingle);
    marks.properties().forEach(request::setProperty);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (endpoints != null) {
      endpoints.close();
    }
  }
}
