package ee.lmstudio.sdk.internal.http;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * LM Studio's plain JSON endpoints, as MicroProfile Rest Client calls them. An answer is given as
 * it came, errors too: what LM Studio says with status 200 can be one, so the status decides
 * nothing.
 */
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface JsonEndpoints extends AutoCloseable {
  /** Reads {@code path}, which may have slashes but not begin with one. */
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
