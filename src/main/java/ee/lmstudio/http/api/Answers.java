package ee.lmstudio.http.api;

import ee.lmstudio.http.error.Envelope;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/** Successful answers in the envelope. */
final class Answers {
  private Answers() {}

  static Response ok(String requestId, JsonValue data) {
    return ok(requestId, data, JsonValue.EMPTY_JSON_OBJECT);
  }

  static Response ok(String requestId, JsonValue data, JsonObject meta) {
    return Response.ok(
            Envelope.success(data, requestId, meta).toString(), MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  /**
   * Answers with what takes a call to LM Studio: on a virtual thread, so that an LM Studio that
   * hangs takes no thread of the server's.
   */
  static void later(AsyncResponse answer, Supplier<Response> call) {
    Thread.ofVirtual()
        .name("lmstudio-answer")
        .start(
            () -> {
              try {
                answer.resume(call.get());
              } catch (RuntimeException e) {
                answer.resume(e);
              }
            });
  }

  /** Accepted; what was begun is at {@code location}. */
  static Response accepted(String requestId, JsonValue data, String location) {
    return Response.accepted(Envelope.success(data, requestId).toString())
        .type(MediaType.APPLICATION_JSON_TYPE)
        // Not location(): that makes it absolute with the host that this server believes to have.
        .header("Location", location)
        .build();
  }
}
