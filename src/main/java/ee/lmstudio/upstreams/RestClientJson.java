package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.internal.HttpSdk;
import ee.lmstudio.sdk.internal.http.JsonSender;
import ee.lmstudio.sdk.internal.http.RequestMarks;
import ee.lmstudio.telemetry.Untraced;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.Configurable;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;

/**
 * Sends the server's plain JSON calls through the server's MicroProfile Rest Client. Streams,
 * multipart and binary bodies go through the SDK's JAX-RS client: Rest Client 4.0 supports none of
 * these.
 */
public final class RestClientJson implements JsonSender {
  /**
   * LM Studio's plain JSON endpoints. The methods return the answer unchanged with any status: LM
   * Studio sends errors with status 200, so that the SDK has to check every body.
   */
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public interface Endpoints extends AutoCloseable {
    /** Reads {@code path}, which can contain slashes but must not begin with one. */
    @GET
    @Path("{path}")
    Response get(@PathParam("path") String path);

    /** Posts {@code json} to {@code path}. */
    @POST
    @Path("{path}")
    Response post(@PathParam("path") String path, String json);

    @Override
    void close();
  }

  private final Endpoints endpoints;

  /**
   * Changes the request that the current thread is about to send. The methods of a Rest Client
   * cannot carry request properties, and its filters run on the calling thread.
   */
  private final ThreadLocal<Consumer<ClientRequestContext>> change = new ThreadLocal<>();

  private volatile boolean closed;

  RestClientJson(URI baseUrl, Consumer<Configurable<?>> connector) {
    RestClientBuilder builder = RestClientBuilder.newBuilder().baseUri(baseUrl);
    connector.accept(builder);
    endpoints =
        builder
            .register(new Apache5ConnectorProvider())
            .register((ClientRequestFilter) request -> change.get().accept(request))
            // The SDK maps errors itself.
            .property("microprofile.rest.client.disable.default.mapper", true)
            .build(Endpoints.class);
    initialise();
  }

  /**
   * Makes a request that is never sent. The client initialises itself at its first request, and
   * loads classes under locks meanwhile, which must happen on the thread that connects
   * (docs/decisions/0111).
   */
  private void initialise() {
    Response nothing = Response.noContent().build();
    send(request -> request.abortWith(nothing), () -> endpoints.get("")).close();
  }

  /**
   * Returns an SDK whose plain JSON calls go through MicroProfile Rest Client.
   *
   * @param listener receives a record of every call
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  public static HttpSdk connect(LmStudioSettings settings, CallListener listener) {
    JsonSender.Factory factory =
        new JsonSender.Factory() {
          @Override
          public JsonSender open(URI baseUrl, Consumer<Configurable<?>> connector) {
            return new RestClientJson(baseUrl, connector);
          }

          @Override
          public void configure(Configurable<?> client) {
            Untraced.configure(client);
          }
        };
    return new HttpSdk(settings, Optional.of(listener), factory);
  }

  @Override
  public Response get(String path, RequestMarks marks) {
    int mark = path.indexOf('?');
    String query = mark < 0 ? "" : path.substring(mark);
    return send(
        request -> {
          mark(request, marks);
          request.setUri(URI.create(request.getUri() + query));
        },
        () -> endpoints.get(mark < 0 ? path : path.substring(0, mark)));
  }

  @Override
  public Response post(String path, String json, RequestMarks marks) {
    return send(request -> mark(request, marks), () -> endpoints.post(path, json));
  }

  private Response send(Consumer<ClientRequestContext> how, Supplier<Response> request) {
    if (closed) {
      throw new IllegalStateException("The SDK is closed");
    }
    change.set(how);
    try {
      return request.get();
    } finally {
      change.remove();
    }
  }

  private static void mark(ClientRequestContext request, RequestMarks marks) {
    marks.headers().forEach(request.getHeaders()::putSingle);
    marks.properties().forEach(request::setProperty);
  }

  @Override
  public void close() {
    closed = true;
    endpoints.close();
  }
}
