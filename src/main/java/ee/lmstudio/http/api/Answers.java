package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.Envelope;
import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.run.Run;
import ee.lmstudio.stream.Snapshot;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Creates successful answers in the JSON envelope. */
final class Answers {
  /** The value of {@code status} in the envelope. */
  static final String SUCCESS = "success";

  /** The {@code meta} of an envelope that a record holds. */
  public record Meta(String requestId) {}

  private Answers() {}

  /** Returns the JSON of an answer whose data can be long. */
  static Pieces whole(String requestId, Pieces data, JsonObject meta) {
    return new Pieces.Builder()
        .raw("{\"status\":\"" + SUCCESS + "\",\"data\":")
        .all(data)
        .raw(",\"meta\":" + Envelope.meta(requestId, meta) + "}")
        .build();
  }

  /** Creates a 202 answer with the {@code location} of the new stream. */
  static Response accepted(String requestId, Run run, String location) {
    JsonObject state = EventFields.summary(run.log(), Snapshot.withoutTexts(run.log()));
    JsonObject data =
        JSON.createObjectBuilder()
            .add("stream_id", run.id())
            .add("model_id", state.get("model_id"))
            .add("prompt_hash", run.head().promptHash())
            .add("status", state.get("status"))
            .add("events_url", location)
            .build();
    return Response.accepted(Envelope.success(data, requestId).toString())
        .type(MediaType.APPLICATION_JSON_TYPE)
        // Not location(), which makes the address absolute with a host name that is wrong behind a
        // proxy.
        .header("Location", location)
        .build();
  }
}
