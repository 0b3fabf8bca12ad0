package ee.lmstudio.http.error;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/** Creates the envelope of all JSON answers below {@code /api}. */
public final class Envelope {
  private Envelope() {}

  /** Returns {@code {"status":"success","data":…,"meta":{"request_id":…}}}. */
  public static JsonObject success(JsonValue data, String requestId) {
    return success(data, requestId, JsonValue.EMPTY_JSON_OBJECT);
  }

  /** Returns the same envelope with additional entries in {@code meta}. */
  public static JsonObject success(JsonValue data, String requestId, JsonObject meta) {
    return JSON.createObjectBuilder()
        .add("status", "success")
        .add("data", data)
        .add("meta", meta(requestId, meta))
        .build();
  }

  /** Returns the {@code meta} object of an answer: the request id and the given entries. */
  public static JsonObject meta(String requestId, JsonObject more) {
    return JSON.createObjectBuilder()
        .add("request_id", requestId)
        .addAll(JSON.createObjectBuilder(more))
        .build();
  }

  /** Returns {@code {"status":"error","error":{…},"meta":{"request_id":…}}}. */
  public static JsonObject error(ApiError error, String requestId) {
    return JSON.createObjectBuilder()
        .add("status", "error")
        .add("error", errorObject(error))
        .add("meta", JSON.createObjectBuilder().add("request_id", requestId))
        .build();
  }

  /**
   * Returns the error without the envelope: code, message, hint, and the details if there are any.
   */
  public static JsonObject errorObject(ApiError error) {
    JsonObjectBuilder object =
        JSON.createObjectBuilder()
            .add("code", error.code().text())
            .add("message", error.message())
            .add("hint", error.hint());
    if (!error.details().isEmpty()) {
      JsonArrayBuilder details = JSON.createArrayBuilder();
      for (ApiError.Detail detail : error.details()) {
        details.add(
            JSON.createObjectBuilder()
                .add("field", detail.field())
                .add("message", detail.message()));
      }
      object.add("details", details);
    }
    return object.build();
  }
}
