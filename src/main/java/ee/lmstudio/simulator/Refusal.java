package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** A request that LM Studio answers with an error, and that answer. Carries no stack trace. */
final class Refusal extends RuntimeException {
  private final int status;
  private final transient String json;

  private Refusal(int status, String message, String json) {
    super(message, null, false, false);
    this.status = status;
    this.json = json;
  }

  /** The short form, {@code {"error":"text"}}. */
  static Refusal text(int status, String message) {
    return new Refusal(
        status, message, JSON.createObjectBuilder().add("error", message).build().toString());
  }

  /**
   * The long form, an object with a code, indented by four as recorded.
   *
   * @param code null is JSON's null
   */
  static Refusal coded(String message, String param, String code) {
    JsonObject error =
        JSON.createObjectBuilder()
            .add("message", message)
            .add("type", "invalid_request_error")
            .add("param", param)
            .add("code", code == null ? JsonValue.NULL : JSON.createValue(code))
            .build();
    JsonObject body = JSON.createObjectBuilder().add("error", error).build();
    return new Refusal(400, message, JsonText.indented(body, 4));
  }

  int status() {
    return status;
  }

  String json() {
    return json;
  }
}
