package ee.lmstudio.run;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.upstreams.Relay;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;

/** Passes requests on to endpoints of LM Studio whose formats this server does not know. */
@ApplicationScoped
public class Relays {
  @Inject Upstreams upstreams;
  private final ResponseOwners responses = new ResponseOwners();

  /**
   * Returns the work of a request that generates.
   *
   * @param path relative to LM Studio's address, such as {@code v1/responses}
   * @param query the checked query with its question mark; may be empty
   * @param body the JSON, as the client sent it
   * @param json the same, parsed
   * @param headers the headers that are passed on to LM Studio
   */
  public Work work(
      String path, String query, String body, JsonObject json, Map<String, String> headers) {
    boolean streamed = json.get("stream") == JsonValue.TRUE;
    Optional<String> model = JsonText.string(json, "model");
    return new RelayWork(
        new Relay.Request(path, query, body, streamed, model, headers), json, upstreams, responses);
  }

  /**
   * Returns whether this caller has created a response that LM Studio stores. The result is false
   * for a response that was created before the last restart of this server, and for one that was
   * forgotten because its caller has created many others since.
   */
  public boolean hasCreated(String caller, String responseId) {
    return responses.isOwner(responseId, caller);
  }

  /**
   * Sends a request that does not generate and has no body, and returns LM Studio's answer.
   *
   * @param path relative to LM Studio's address, with an encoded query if there is one
   * @param caller the name of the caller, for telemetry
   * @param requestId the id of the HTTP request, for telemetry
   */
  public Failure.Answer send(String method, String path, String caller, String requestId) {
    Relay.Answer answer =
        upstreams.machine().relay(method, path, CallOptions.by(caller, requestId));
    return new Failure.Answer(answer.status(), answer.json());
  }
}
