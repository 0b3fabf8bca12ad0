package ee.lmstudio.http.api;

import ee.lmstudio.access.Caller;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.Dialect;
import ee.lmstudio.http.events.RunResponses;
import ee.lmstudio.http.request.AcceptHeader;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.run.ModelRuns;
import ee.lmstudio.run.StartedRun;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;

/**
 * Loads, unloads and downloads models for admins, below {@code models}. Each of these is a run with
 * a stream. All admins who send the same request while it is running share one stream.
 */
@RequestScoped
@Path("models")
public class ModelAdministration {
  @Inject ModelRuns models;
  @Inject RunResponses responses;
  @Inject ServerSettings settings;
  @Context HttpHeaders headers;
  @Context SecurityContext security;
  @Context HttpServletRequest request;

  @POST
  @Path("load")
  public void load(InputStream body, @Suspended AsyncResponse answer) {
    begin(body, models::load, answer);
  }

  @POST
  @Path("unload")
  public void unload(InputStream body, @Suspended AsyncResponse answer) {
    begin(body, models::unload, answer);
  }

  @POST
  @Path("download")
  public void download(InputStream body, @Suspended AsyncResponse answer) {
    begin(body, models::download, answer);
  }

  private interface Start {
    StartedRun start(JsonObject body, String caller, String requestId);
  }

  private void begin(InputStream body, Start start, AsyncResponse answer) {
    if (!security.isUserInRole(Caller.ADMIN_ROLE)) {
      throw new ApiException(AccessErrors.adminsOnly());
    }
    AcceptHeader accept = AcceptHeader.of(headers);
    if (accept.nothing()) {
      throw ApiException.notAcceptable("text/event-stream or application/json");
    }
    JsonObject fields =
        GenerationFields.object(JsonBodyReader.read(body, headers, request, settings));
    String requestId = RequestId.of(request);
    StartedRun started = start.start(fields, security.getUserPrincipal().getName(), requestId);
    String location = StreamsResource.location(request, started.run());
    if (accept.wantsEvents(false)) {
      responses.start(
          started, Dialect.API, to -> to.setHeader("Location", location), request, answer);
    } else {
      responses.whenBegun(
          started, () -> Answers.accepted(requestId, started.run(), location), answer);
    }
  }
}
