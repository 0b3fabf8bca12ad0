package ee.lmstudio.simulator.jaxrs;

import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every path and method of the simulator, through one engine. Answers 404 while the simulator is
 * off. Holds no thread of the server while an answer is played.
 */
@Path("{path: .*}")
@RequestScoped
public class SimulatorResource {
  private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;
  private static final Clock CLOCK = Clock.systemUTC();

  @Inject SimulatorHost host;
  @Context UriInfo uri;
  @Context HttpHeaders headers;

  @GET
  public void get(@Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.GET, InputStream.nullInputStream(), response);
  }

  @HEAD
  public void head(@Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.HEAD, InputStream.nullInputStream(), response);
  }

  @POST
  public void post(InputStream body, @Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.POST, body, response);
  }

  @PUT
  public void put(InputStream body, @Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.PUT, body, response);
  }

  @PATCH
  public void patch(InputStream body, @Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.PATCH, body, response);
  }

  @DELETE
  public void delete(@Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.DELETE, InputStream.nullInputStream(), response);
  }

  @OPTIONS
  public void options(@Suspended AsyncResponse response) throws IOException {
    answer(HttpMethod.OPTIONS, InputStream.nullInputStream(), response);
  }

  private void answer(String method, InputStream body, AsyncResponse response) throws IOException {
    Optional<Responder> simulator = host.simulator();
    if (simulator.isEmpty()) {
      response.resume(Response.status(Response.Status.NOT_FOUND).build());
      return;
    }
    byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      response.resume(Response.status(Response.Status.REQUEST_ENTITY_TOO_LARGE).build());
      return;
    }
    String path = "/" + uri.getPath(false);
    SimulatorRequest request = new SimulatorRequest(method, path, headers(), bytes);
    SimulatorReply reply = simulator.get().reply(request, CLOCK.instant());
    host.play(() -> new ReplyPlayer(host.pacer()).play(reply, response));
  }

  private Map<String, String> headers() {
    return headers.getRequestHeaders().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, header -> joined(header.getValue())));
  }

  private static String joined(List<String> values) {
    return String.join(", ", values);
  }
}
