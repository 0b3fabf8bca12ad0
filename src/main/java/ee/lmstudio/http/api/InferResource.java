package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.Dialect;
import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.events.RunResponses;
import ee.lmstudio.http.request.AcceptHeader;
import ee.lmstudio.http.request.IdempotencyKey;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.run.GenerationWork;
import ee.lmstudio.run.Run;
import ee.lmstudio.run.RunRequest;
import ee.lmstudio.run.Runs;
import ee.lmstudio.run.StartedRun;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Handles {@code POST infer}: starts a generation and answers with its stream, its address or its
 * whole answer.
 */
@ApplicationScoped
@Path("infer")
public class InferResource {
  @Inject Runs runs;
  @Inject Upstreams upstreams;
  @Inject ServerSettings settings;
  @Inject RunResponses responses;

  @POST
  public void infer(
      InputStream body,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Suspended AsyncResponse answer) {
    AcceptHeader accept = AcceptHeader.of(headers);
    if (accept.nothing()) {
      throw ApiException.notAcceptable("text/event-stream or application/json");
    }
    JsonValue json = JsonBodyReader.read(body, headers, request, settings);
    if (accept.json() <= 0 && InferBody.asksForTheWhole(json)) {
      throw ApiException.notAcceptable("application/json, or ask for a stream");
    }
    InferBody asked = InferBody.of(json);
    String requestId = RequestId.of(request);
    boolean accepts = asked.stream() && !accept.wantsEvents(true);
    RunRequest wanted =
        new RunRequest(
            new GenerationWork(asked.request(), upstreams::sdk, Optional.empty(), false),
            security.getUserPrincipal().getName(),
            requestId,
            asked.stream() ? settings.streams().orphanGrace() : Duration.ZERO,
            accepts ? Runs.Opens.AT_ONCE : Runs.Opens.WHEN_ACCEPTED);
    StartedRun started =
        IdempotencyKey.start(runs, wanted, "", json.asJsonObject(), request, response);
    Run run = started.run();
    String location = StreamsResource.location(request, run);
    if (accepts) {
      answer.resume(Answers.accepted(requestId, run, location));
    } else if (asked.stream()) {
      responses.start(
          started, Dialect.API, to -> to.setHeader("Location", location), request, answer);
    } else {
      responses.whenCompleted(
          started, snapshot -> whole(run, snapshot, requestId), request, answer);
    }
  }

  private static Pieces whole(Run run, Snapshot snapshot, String requestId) {
    Pieces data = EventFields.answer(run.head(), snapshot);
    return Answers.whole(requestId, data, warnings(snapshot.completed().orElseThrow()));
  }

  private static JsonObject warnings(StreamEvent.Completed completed) {
    return completed.warnings().isEmpty()
        ? JsonValue.EMPTY_JSON_OBJECT
        : JSON.createObjectBuilder()
            .add("warnings", JSON.createArrayBuilder(completed.warnings()))
            .build();
  }
}
