package ee.lmstudio.http.api;

import ee.lmstudio.http.AnswerThread;
import ee.lmstudio.http.error.Envelope;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.json.RecordJson;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

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

  /**
   * Answers with the envelope that a call to LM Studio returns. The call runs on a virtual thread,
   * so that a hanging LM Studio does not occupy a thread of the server's pool.
   */
  static void later(AsyncResponse answer, Supplier<? extends Record> call) {
    AnswerThread.resume(
        answer,
        () -> Response.ok(RecordJson.write(call.get()), MediaType.APPLICATION_JSON_TYPE).build());
  }

  /** Creates a 202 answer with the {@code location} of the new stream. */
  static Response accepted(String requestId, JsonValue data, String location) {
    return Response.accepted(Envelope.success(data, requestId).toString())
        .type(MediaType.APPLICATION_JSON_TYPE)
        // Not location(), which makes the address absolute with a host name that is wrong behind a
        // proxy.
        .header("Location", location)
        .build();
  }
}
