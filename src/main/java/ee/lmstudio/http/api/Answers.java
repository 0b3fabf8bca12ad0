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
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Creates successful answers in the JSON envelope. */
final class Answers {
  /** The value of {@code status} in the envelope. */
  static final String SUCCESS = "success";

  /** The {@code meta} of an envelope that a record holds. */
  public record Meta(String requestId) {}

  private Answers() {}

  static Response ok(String requestId, JsonValue data) {
    return ok(requestId, data, JsonValue.EMPTY_JSON_OBJECT);
  }

  static Response ok(String requestId, JsonValue data, JsonObject meta) {
    return Response.ok(
            Envelope.success(data, requestId, meta).toString(), MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  /** Answers with data that can be long. It is encoded while it is sent, one piece at a time. */
  static Response ok(String requestId, Pieces data, JsonObject meta) {
    String before = "{\"status\":\"" + SUCCESS + "\",\"data\":";
    String after = ",\"meta\":" + Envelope.meta(requestId, meta) + "}";
    StreamingOutput body =
        out -> {
          out.write(before.getBytes(StandardCharsets.UTF_8));
          data.writeTo(out);
          out.write(after.getBytes(StandardCharsets.UTF_8));
        };
    return Response.ok(body, MediaType.APPLICATION_JSON_TYPE).build();
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
