package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;

/** Holds fields that few chunks have, to keep the other chunks small. Absent fields are null. */
final class RareFields {
  JsonObject usage;
  JsonValue error;
  JsonObject logprobs;

  /** Parts of a content that are neither text nor reasoning. */
  List<JsonValue> parts;

  private JsonObjectBuilder others;

  void add(String name, JsonValue value) {
    if (others == null) {
      others = JSON.createObjectBuilder();
    }
    others.add(name, value);
  }

  boolean hasOthers() {
    return others != null;
  }

  /** The fields other than choices and usage; null if none were kept. */
  JsonObject others() {
    return others == null ? null : others.build();
  }
}
