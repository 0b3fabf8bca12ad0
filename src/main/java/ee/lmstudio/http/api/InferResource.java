package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.Dialect;
import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.events.RunResponses;
import ee.lmstudio.run.GenerationWork;
import ee.lmstudio.run.Run;
import ee.lmstudio.run.Runs;
import ee.lmstudio.run.StartedRun;
import ee.lmstudio.run.Work;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamEvent;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Handles {@code POST infer}: starts a generation and answers with its stream, its address or its
 * whole answer.
 */
@ApplicationScoped
@Path("infer")
public class InferResource {
  @Inject Runs runs;
  @Inject SdkContract sdk;
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
    checkContentType(headers);
    int maxBytes = RouteTable.of(request).limits().body().bytes(settings);
    JsonValue json = JsonBodyReader.read(body, request.getContentLengthLong(), maxBytes);
    if (accept.json() <= 0 && InferBody.asksForTheWhole(json)) {
      throw ApiException.notAcceptable("application/json, or ask for a stream");
    }
    InferBody asked = InferBody.of(json);
    String caller = security.getUserPrincipal().getName();
    String requestId = RequestId.of(request);
    boolean accepts = asked.stream() && !accept.wantsEvents(true);
    Work work = new GenerationWork(asked.request(), sdk, Optional.empty());
    Duration grace = settings.streams().orphanGrace();
    Runs.Opens opens = accepts ? Runs.Opens.AT_ONCE : Runs.Opens.WHEN_ACCEPTED;
    StartedRun started =
        IdempotencyKey.of(headers)
            .map(
                key ->
                    runs.startOnce(key, json.asJsonObject(), work, caller, requestId, grace, opens)
                        .orElseThrow(IdempotencyKey::conflict))
            .orElseGet(
                () -> new StartedRun(runs.start(work, caller, requestId, grace, opens), false));
    Run run = started.run();
    if (started.replayed()) {
      response.setHeader("Idempotent-Replay", "true");
    }
    String location = StreamsResource.location(request, run);
    if (accepts) {
      answer.resume(Answers.accepted(requestId, begun(run, location), location));
    } else if (asked.stream()) {
      responses.start(started, Dialect.API, location, request, answer);
    } else {
      responses.whenCompleted(
          started, snapshot -> whole(run, snapshot, requestId), request, answer);
    }
  }

  private static void checkContentType(HttpHeaders headers) {
    MediaType type = headers.getMediaType();
    boolean json =
        type != null
            && type.getType().equalsIgnoreCase("application")
            && type.getSubtype().toLowerCase(Locale.ROOT).matches("json|.+\\+json");
    if (!json) {
      throw new ApiException(
          ApiError.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              type == null
                  ? "The request has no Content-Type."
                  : "The Content-Type is " + type + ".",
              "Send application/json."));
    }
    String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new ApiException(
          ApiError.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "The request body is compressed.",
              "Send the body uncompressed."));
    }
  }

  private static JsonObject begun(Run run, String location) {
    JsonObject state = EventFields.summary(run.log(), Snapshot.withoutTexts(run.log()));
    return JSON.createObjectBuilder()
        .add("stream_id", run.id())
        .add("model_id", state.get("model_id"))
        .add("prompt_hash", run.head().promptHash())
        .add("status", state.get("status"))
        .add("events_url", location)
        .build();
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
