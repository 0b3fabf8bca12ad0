package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/**
 * Thrown for a request that LM Studio answers with an error. It holds that answer and no stack
 * trace.
 */
final class Refusal extends RuntimeException {
  private final int status;
  private final transient String json;

  private Refusal(int status, String message, String json) {
    super(message, null, false, false);
    this.status = status;
    this.json = json;
  }

  /** Returns the short form, {@code {"error":"text"}}. */
  static Refusal text(int status, String message) {
    return new Refusal(
        status, message, JSON.createObjectBuilder().add("error", message).build().toString());
  }

  /**
   * Returns the long form, an object with a code, indented by four spaces as recorded.
   *
   * @param code the code; null is written as JSON's null
   */
  static Refusal coded(String message, String param, String code) {
    return coded(400, message, param, code);
  }

  /** Returns the long form with another status than 400. */
  static Refusal coded(int status, String message, String param, String code) {
    JsonObject error =
        JSON.createObjectBuilder()
            .add("message", message)
            .add("type", "invalid_request_error")
            .add("param", param)
            .add("code", code == null ? JsonValue.NULL : JSON.createValue(code))
            .build();
    JsonObject body = JSON.createObjectBuilder().add("error", error).build();
    return new Refusal(status, message, JsonStringifier.indented(body, 4));
  }

  /** Returns the form of {@code /api/v1}, with status 400. */
  static Refusal ofV1(String message, String code, String param) {
    return ofV1(400, "invalid_request", message, code, param);
  }

  /**
   * Returns the form of {@code /api/v1}.
   *
   * @param code null: the error has no code
   * @param param null: the error is not about a field
   */
  static Refusal ofV1(int status, String type, String message, String code, String param) {
    JsonObjectBuilder error = JSON.createObjectBuilder().add("type", type).add("message", message);
    if (code != null) {
      error.add("code", code);
    }
    if (param != null) {
      error.add("param", param);
    }
    return new Refusal(status, message, wrapped(error));
  }

  /** Returns the answer to a request without a valid API token. */
  static Refusal unauthorized(String message) {
    JsonObjectBuilder error =
        JSON.createObjectBuilder()
            .add("type", "invalid_request")
            .add("code", "invalid_api_key")
            .add("message", message);
    return new Refusal(401, message, wrapped(error));
  }

  private static String wrapped(JsonObjectBuilder error) {
    return JsonStringifier.indented(JSON.createObjectBuilder().add("error", error).build(), 2);
  }

  int status() {
    return status;
  }

  String json() {
    return json;
  }
}
