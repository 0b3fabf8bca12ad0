package ee.lmstudio.http.openai;

import ee.lmstudio.access.Caller;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.error.RelayedErrorException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.run.Relays;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Passes requests on to endpoints of LM Studio whose formats this server does not know, and their
 * answers back unchanged. A generation has a stream like every other one, which can be resumed and
 * cancelled.
 */
@RequestScoped
@Path("")
public class OpenAiRelays {
  /** What the path of a response may contain: it is part of the address at LM Studio. */
  private static final String ID_CHARACTERS = "[A-Za-z0-9_-][A-Za-z0-9_.-]*";

  private static final String ID = "{id: " + ID_CHARACTERS + "}";

  /** Headers with which clients choose a version of a format. */
  private static final List<String> PASSED_ON =
      List.of("anthropic-version", "anthropic-beta", "openai-beta");

  /** The paths below {@code /v1}, as a regular expression for each set of methods. */
  private static final Map<String, String> PATHS =
      Map.of(
          "POST",
          "(chat/)?completions|embeddings|responses|messages|decisions|images/generations"
              + "|audio/(transcriptions|translations|speech)|responses/"
              + ID_CHARACTERS
              + "/cancel",
          "GET",
          "models(/.+)?",
          "GET, DELETE",
          "streams/[^/]+|responses/" + ID_CHARACTERS);

  /** The field with the id of the stored response that a request continues. */
  private static final String PREVIOUS = "previous_response_id";

  @Inject OpenAiRuns runs;
  @Inject Relays relays;
  @Inject ServerSettings settings;
  @Inject JsonAnswers answers;
  @Context HttpHeaders headers;
  @Context SecurityContext security;
  @Context HttpServletRequest request;
  @Context HttpServletResponse response;

  @POST
  @Path("responses")
  public void responses(InputStream body, @Suspended AsyncResponse answer) {
    relay("responses", body, answer);
  }

  @GET
  @Path("responses/" + ID)
  public void response(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    requireOwn(id);
    RelayedQuery.requireNoStream(RelayedQuery.checked(request.getQueryString()));
    send("GET", "responses/" + id, answer);
  }

  @DELETE
  @Path("responses/" + ID)
  public void delete(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    sendForOwner("DELETE", id, "", answer);
  }

  @POST
  @Path("responses/" + ID + "/cancel")
  public void cancel(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    sendForOwner("POST", id, "/cancel", answer);
  }

  @POST
  @Path("messages")
  public void messages(InputStream body, @Suspended AsyncResponse answer) {
    relay("messages", body, answer);
  }

  @POST
  @Path("decisions")
  public void decisions(InputStream body, @Suspended AsyncResponse answer) {
    relay("decisions", body, answer);
  }

  /** Relays the paths of {@code lm-studio.relay-paths}. All others do not exist. */
  @POST
  @Path("{path: .+}")
  public void other(
      @PathParam("path") String path, InputStream body, @Suspended AsyncResponse answer) {
    if (!settings.relayPaths().contains("/v1/" + path)) {
      throw missing(path);
    }
    relay(path, body, answer);
  }

  // Without these methods, JAX-RS would answer 405 for a path that does not exist. JAX-RS also
  // calls them for a path that exists, but has only other methods.

  @GET
  @Path("{path: .+}")
  public void get(@PathParam("path") String path) {
    throw missing(path);
  }

  @PUT
  @Path("{path: .+}")
  public void put(@PathParam("path") String path) {
    throw missing(path);
  }

  @PATCH
  @Path("{path: .+}")
  public void patch(@PathParam("path") String path) {
    throw missing(path);
  }

  @DELETE
  @Path("{path: .+}")
  public void remove(@PathParam("path") String path) {
    throw missing(path);
  }

  @OPTIONS
  @Path("{path: .+}")
  public void options(@PathParam("path") String path) {
    throw missing(path);
  }

  private ClientErrorException missing(String path) {
    if (settings.relayPaths().contains("/v1/" + path)) {
      return new NotAllowedException("POST");
    }
    return PATHS.entrySet().stream()
        .filter(known -> path.matches(known.getValue()))
        .findFirst()
        .<ClientErrorException>map(known -> new NotAllowedException(known.getKey()))
        .orElseGet(NotFoundException::new);
  }

  private void relay(String path, InputStream body, AsyncResponse answer) {
    JsonBodyReader.Body read = JsonBodyReader.readToPassOn(body, headers, request, settings);
    FieldFaults faults = new FieldFaults();
    if (faults.isObject("", read.json())) {
      GenerationFields.check(read.json().asJsonObject(), faults);
      GenerationFields.checkUnknownNumbers(read.json().asJsonObject(), faults);
    }
    if (faults.count() > 0) {
      throw GenerationFields.refusal(faults);
    }
    JsonObject json = read.json().asJsonObject();
    String query = query();
    requirePrevious(json);
    runs.start(
        relays.work("v1/" + path, query, read.text(), json, passedOn()),
        query,
        json,
        OpenAiRuns.asksForAStream(json) ? Optional.empty() : Optional.of(OpenAiRelays::whole),
        request,
        response,
        answer);
  }

  /** Returns the query with its question mark; an empty text if there is none. */
  private String query() {
    String query = RelayedQuery.checked(request.getQueryString());
    return query.isEmpty() ? "" : "?" + query;
  }

  private Map<String, String> passedOn() {
    Map<String, String> passed = new LinkedHashMap<>();
    for (String name : PASSED_ON) {
      String value = request.getHeader(name);
      if (value != null) {
        passed.put(name, value);
      }
    }
    return passed;
  }

  /** Returns the answer, which is one entry unless LM Studio has sent an event stream. */
  private static Pieces whole(StreamLog log) {
    List<StreamEvent.Relayed> events = RelayDialect.events(log).toList();
    if (events.size() > 1 || events.stream().anyMatch(event -> !event.type().isEmpty())) {
      throw new ApiException(
          ApiError.of(
              ErrorCode.UPSTREAM_PROTOCOL_ERROR,
              "LM Studio answered with an event stream, which was not asked for.",
              "Send the request with \"stream\": true."));
    }
    return new Pieces.Builder().longText(events.isEmpty() ? "" : events.getFirst().data()).build();
  }

  /** Refuses a request that continues a response which its caller must not reach. */
  private void requirePrevious(JsonObject json) {
    json.forEach(
        (name, value) -> {
          // Some servers ignore the case of field names, so LM Studio might do so, too.
          if (name.equalsIgnoreCase(PREVIOUS) && value != JsonValue.NULL) {
            String id = value instanceof JsonString text ? text.getString() : "";
            if (!isOwn(id)) {
              throw new ApiException(notFound().withDetails(List.of(new Detail(PREVIOUS, ""))));
            }
          }
        });
  }

  private boolean isOwn(String responseId) {
    return security.isUserInRole(Caller.ADMIN_ROLE)
        || relays.hasCreated(security.getUserPrincipal().getName(), responseId);
  }

  /** Returns the same error for a response of another caller and for one that does not exist. */
  private static ApiError notFound() {
    return ApiError.of(
        ErrorCode.RESPONSE_NOT_FOUND,
        "You have no stored response with this id.",
        "Use the id of a response that you have created since this server was started, or send the"
            + " whole conversation as input. Admins can reach every response.");
  }

  private void requireOwn(String responseId) {
    if (!isOwn(responseId)) {
      throw new ApiException(notFound());
    }
  }

  private void sendForOwner(String method, String id, String action, AsyncResponse answer) {
    requireOwn(id);
    send(method, "responses/" + id + action, answer);
  }

  private void send(String method, String path, AsyncResponse answer) {
    String caller = security.getUserPrincipal().getName();
    String requestId = RequestId.of(request);
    String target = "v1/" + path + query();
    answers.later(
        request,
        answer,
        () -> {
          Failure.Answer whole = relays.send(method, target, caller, requestId);
          if (whole.status() >= 400) {
            throw new RelayedErrorException(whole, Optional.empty());
          }
          return whole.json();
        });
  }
}
