package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.access.Caller;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.http.events.EventStreamResponse;
import ee.lmstudio.http.events.ListenerWatch;
import ee.lmstudio.inference.CancelledBy;
import ee.lmstudio.inference.GenerationStream;
import ee.lmstudio.inference.InferenceService;
import ee.lmstudio.inference.StreamSnapshot;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

/** {@code streams}: list, attach, resume, read, cancel. Foreign streams do not exist. */
@RequestScoped
@Path("streams")
public class StreamsResource {
  @Inject InferenceService inference;
  @Inject ListenerWatch watch;
  @Context SecurityContext security;
  @Context HttpServletRequest request;

  /** Where a stream is, below this server's root. */
  static String location(HttpServletRequest request, GenerationStream stream) {
    return request.getContextPath() + ApiApplication.PATH + "/streams/" + stream.id();
  }

  @GET
  public Response list(@QueryParam("all") boolean all, @Context HttpHeaders headers) {
    if (AcceptHeader.of(headers).json() <= 0) {
      throw ApiException.notAcceptable("application/json");
    }
    String caller = security.getUserPrincipal().getName();
    boolean everybodys = all && security.isUserInRole(Caller.ADMIN_ROLE);
    JsonArrayBuilder list = JSON.createArrayBuilder();
    for (GenerationStream stream : inference.all()) {
      if (everybodys || stream.owner().equals(caller)) {
        list.add(EventFields.summary(stream, StreamSnapshot.withoutTexts(stream.log())));
      }
    }
    return Answers.ok(RequestId.of(request), list.build());
  }

  @GET
  @Path("{id}")
  public void attach(
      @PathParam("id") String id,
      @QueryParam("cursor") String cursor,
      @Context HttpHeaders headers,
      @Suspended AsyncResponse answer) {
    GenerationStream stream = find(id);
    AcceptHeader accept = AcceptHeader.of(headers);
    if (accept.nothing()) {
      throw ApiException.notAcceptable("text/event-stream or application/json");
    }
    if (!accept.wantsEvents(false)) {
      stream.touch();
      answer.resume(state(stream, RequestId.of(request)));
      return;
    }
    String lastEventId = headers.getHeaderString("Last-Event-ID");
    long after = number(lastEventId != null ? lastEventId : cursor);
    if (after > 0 && stream.log().ended() && after == stream.log().lastCursor()) {
      answer.resume(Response.noContent().build());
      return;
    }
    // JAX-RS answers HEAD by this method, and a listener that gets no bytes would wait for ever.
    if (request.getMethod().equals("HEAD")) {
      answer.resume(Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build());
      return;
    }
    EventStreamResponse listener =
        new EventStreamResponse(
            request.getAsyncContext(), stream, after, watch, () -> InferResource.release(answer));
    InferResource.begin(listener, location(request, stream), answer);
  }

  @DELETE
  @Path("{id}")
  public void cancel(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    GenerationStream stream = find(id);
    stream.cancel(CancelledBy.CLIENT);
    String requestId = RequestId.of(request);
    stream.ended().whenComplete((ended, failed) -> answer.resume(state(stream, requestId)));
  }

  private static Response state(GenerationStream stream, String requestId) {
    return Answers.ok(requestId, EventFields.state(stream, StreamSnapshot.of(stream.log())));
  }

  private GenerationStream find(String id) {
    String caller = security.getUserPrincipal().getName();
    boolean admin = security.isUserInRole(Caller.ADMIN_ROLE);
    return inference
        .find(id)
        .filter(stream -> admin || stream.owner().equals(caller))
        .orElseThrow(ApiException::streamNotFound);
  }

  /** The cursor that a client sent; 0 if it is none. */
  private static long number(String text) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
