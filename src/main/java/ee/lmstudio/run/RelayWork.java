package ee.lmstudio.run;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.upstreams.Relay;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * The work of passing a request on to an endpoint of LM Studio whose format this server does not
 * know.
 *
 * @param request the JSON of {@code ask}
 * @param responses learns which responses this caller has created
 */
record RelayWork(
    Relay.Request ask, JsonObject request, Upstreams upstreams, ResponseOwners responses)
    implements Work {
  @Override
  public StreamContent content() {
    return new StreamContent(StreamContent.Kind.RELAYED, false);
  }

  @Override
  public Optional<String> model() {
    return ask.model();
  }

  /** Returns the path only, because the body may be private. */
  @Override
  public String toString() {
    return "RelayWork[" + ask.path() + "]";
  }

  @Override
  public void run(String caller, String requestId, RunWriter writer) {
    if (ask.path().startsWith("v1/responses")) {
      writer.tellRelayed(responses.receiver(caller));
    }
    upstreams.machine(caller).relay(ask, CallOptions.by(caller, requestId), writer);
  }
}
