package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.http.events.EventStreamResponse;
import ee.lmstudio.http.events.ListenerWatch;
import ee.lmstudio.http.events.WaitingClient;
import ee.lmstudio.inference.GenerationStream;
import ee.lmstudio.inference.InferenceService;
import ee.lmstudio.inference.StreamSnapshot;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/**
 * {@code POST infer}: begins a generation and answers with its stream, its address or its answer.
 */
@ApplicationScoped
@Path("infer")
public class InferResource {
  @Inject InferenceService inference;
  @Inject ServerSettings settings;
  @Inject ListenerWatch watch;

  @POST
  public void infer(
      InputStream body,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    AcceptHeader accept = AcceptHeader.of(headers);
    if (accept.nothing()) {
      throw ApiException.notAcceptable("text/event-stream or application/json");
    }
    checkContentType(headers);
    JsonValue json =
        JsonBodyReader.read(body, request.getContentLengthLong(), settings.maxJsonBytes());
    if (accept.json() <= 0 && InferBody.asksForTheWhole(json)) {
      throw ApiException.notAcceptable("application/json, or ask for a stream");
    }
    InferBody asked = InferBody.of(json);
    String caller = security.getUserPrincipal().getName();
    String requestId = RequestId.of(request);
    if (!asked.stream()) {
      whole(inference.start(asked.request(), caller, requestId, false), request, answer);
    } else if (accept.wantsEvents(true)) {
      streamed(inference.start(asked.request(), caller, requestId, false), request, answer);
    } else {
      GenerationStream stream = inference.start(asked.request(), caller, requestId, true);
      String location = StreamsResource.location(request, stream);
      answer.resume(Answers.accepted(requestId, begun(stream, location), location));
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
              "The body is " + (type == null ? "of no stated type" : type) + ".",
              "Send application/json."));
    }
    String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new ApiException(
          ApiError.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is compressed.", "Send it as it is."));
    }
  }

  private static JsonObject begun(GenerationStream stream, String location) {
    JsonObject state = EventFields.summary(stream, StreamSnapshot.withoutTexts(stream.log()));
    return JSON.createObjectBuilder()
        .add("stream_id", stream.id())
        .add("model_id", state.get("model_id"))
        .add("prompt_hash", stream.promptHash())
        .add("status", state.get("status"))
        .add("events_url", location)
        .build();
  }

  /** Answers with the event stream, unless the generation fails before there is one. */
  private void streamed(GenerationStream stream, HttpServletRequest request, AsyncResponse answer) {
    AsyncContext context = request.getAsyncContext();
    EventStreamResponse listener =
        new EventStreamResponse(context, stream, 0, watch, () -> release(answer));
    String location = StreamsResource.location(request, stream);
    stream
        .opened()
        .whenComplete(
            (opened, failed) -> {
              if (failed != null) {
                listener.abandon();
                answer.resume(unwrap(failed));
                return;
              }
              begin(listener, location, answer);
            });
  }

  /** The answer was written past JAX-RS; this only lets go of the request. */
  static void release(AsyncResponse answer) {
    answer.resume(Response.ok().build());
  }

  /** Begins the event stream; if it cannot, that is the answer, never an empty 200. */
  static void begin(EventStreamResponse listener, String location, AsyncResponse answer) {
    try {
      listener.begin(location);
    } catch (IOException | RuntimeException notBegun) {
      listener.abandon();
      answer.resume(notBegun);
    }
  }

  /** Answers when the generation has ended. */
  private void whole(GenerationStream stream, HttpServletRequest request, AsyncResponse answer) {
    String requestId = RequestId.of(request);
    WaitingClient waiting = new WaitingClient(stream, request.getAsyncContext(), watch);
    stream
        .ended()
        .whenComplete(
            (ended, failed) -> {
              try {
                waiting.close();
                if (failed != null) {
                  answer.resume(unwrap(failed));
                } else {
                  end(StreamSnapshot.of(stream.log()), stream, requestId, answer);
                }
              } catch (RuntimeException | Error defect) {
                // A future keeps it to itself, and the client would wait for ever.
                answer.resume(defect);
              }
            });
  }

  private static void end(
      StreamSnapshot end, GenerationStream stream, String requestId, AsyncResponse answer) {
    if (end.answer().isPresent()) {
      Completion completed = end.answer().get();
      JsonObject data = EventFields.answer(stream, completed);
      answer.resume(Answers.ok(requestId, data, warnings(completed)));
    } else {
      LmStudioException why =
          end.error()
              .orElseGet(
                  () ->
                      new CancelledException(
                          "The stream was cancelled before it ended", "Ask again.", null));
      answer.resume(why);
    }
  }

  private static JsonObject warnings(Completion completed) {
    return completed.warnings().isEmpty()
        ? JsonValue.EMPTY_JSON_OBJECT
        : JSON.createObjectBuilder()
            .add("warnings", JSON.createArrayBuilder(completed.warnings()))
            .build();
  }

  private static Throwable unwrap(Throwable failed) {
    return failed instanceof CompletionException && failed.getCause() != null
        ? failed.getCause()
        : failed;
  }
}
