package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/** What few chunks say, so that the others need not carry it. What is not said is null. */
final class RareFields {
  JsonObject usage;
  JsonValue error;
  JsonObject logprobs;
  private JsonObjectBuilder others;

  void add(String name, JsonValue value) {
    if (others == null) {
      others = JSON.createObjectBuilder();
    }
    others.add(name, value);
  }

  /** The fields beside choices and usage; null if none were kept. */
  JsonObject others() {
    return others == null ? null : others.build();
  }
}
