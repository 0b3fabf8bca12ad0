package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.access.Caller;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.Dialect;
import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.events.RunResponses;
import ee.lmstudio.http.request.AcceptHeader;
import ee.lmstudio.http.request.StreamRequest;
import ee.lmstudio.run.Run;
import ee.lmstudio.run.Runs;
import ee.lmstudio.stream.Snapshot;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
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
import java.util.List;

/**
 * Lists, resumes, reads and cancels streams below {@code streams}. For a caller, the streams of
 * other callers do not exist.
 */
@RequestScoped
@Path("streams")
public class StreamsResource {
  /** The number of streams in a list, the youngest ones. The others are only counted. */
  static final int LISTED = 1_000;

  @Inject Runs runs;
  @Inject JsonAnswers answers;
  @Inject RunResponses responses;
  @Context SecurityContext security;
  @Context HttpServletRequest request;

  /** Returns the path of a stream on this server. */
  static String location(HttpServletRequest request, Run run) {
    return request.getContextPath() + ApiApplication.PATH + "/streams/" + run.id();
  }

  @GET
  public void list(
      @QueryParam("all") boolean all,
      @Context HttpHeaders headers,
      @Suspended AsyncResponse answer) {
    AcceptHeader.requireJson(headers);
    String caller = security.getUserPrincipal().getName();
    boolean everybodys = all && security.isUserInRole(Caller.ADMIN_ROLE);
    String requestId = RequestId.of(request);
    answers.inTurn(
        request,
        answer,
        () -> listed(runs.all(run -> everybodys || run.owner().equals(caller)), requestId));
  }

  private static Pieces listed(List<Run> runs, String requestId) {
    Pieces.Builder list = new Pieces.Builder();
    String before = "[";
    for (Run run : runs.subList(0, Math.min(LISTED, runs.size()))) {
      JsonObject summary = EventFields.summary(run.log(), Snapshot.withoutTexts(run.log()));
      list.raw(before).raw(summary.toString());
      before = ",";
    }
    JsonObject more =
        runs.size() > LISTED
            ? JSON.createObjectBuilder().add("not_listed", runs.size() - LISTED).build()
            : JsonValue.EMPTY_JSON_OBJECT;
    return Answers.whole(requestId, list.raw(runs.isEmpty() ? "[]" : "]").build(), more);
  }

  @GET
  @Path("{id}")
  public void attach(
      @PathParam("id") String id,
      @QueryParam("cursor") String cursor,
      @Context HttpHeaders headers,
      @Suspended AsyncResponse answer) {
    Run run = StreamRequest.find(runs, id, security);
    AcceptHeader accept = AcceptHeader.of(headers);
    if (accept.nothing()) {
      throw ApiException.notAcceptable("text/event-stream or application/json");
    }
    if (!accept.wantsEvents(false)) {
      run.presence().touch();
      String requestId = RequestId.of(request);
      responses.now(run, state -> answer(state, requestId), request, answer);
      return;
    }
    long after = StreamRequest.cursor(request, cursor);
    if (after > 0 && run.log().ended() && after == run.log().lastCursor()) {
      answer.resume(Response.noContent().build());
      return;
    }
    // JAX-RS answers HEAD with this method, and a listener without a body would wait forever.
    if (request.getMethod().equals("HEAD")) {
      answer.resume(Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build());
      return;
    }
    String location = location(request, run);
    responses.attach(
        run, after, Dialect.API, to -> to.setHeader("Location", location), request, answer);
  }

  @DELETE
  @Path("{id}")
  public void cancel(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    Run run = StreamRequest.find(runs, id, security);
    String requestId = RequestId.of(request);
    if (run.log().ended()) {
      // Nothing to cancel, so the client is one of many that may read the state.
      responses.now(run, state -> answer(state, requestId), request, answer);
      return;
    }
    responses.cancel(run, state -> answer(state, requestId), request, answer);
  }

  private static Pieces answer(Pieces state, String requestId) {
    return Answers.whole(requestId, state, JsonValue.EMPTY_JSON_OBJECT);
  }
}
