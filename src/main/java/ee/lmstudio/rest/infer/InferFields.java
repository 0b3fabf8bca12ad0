package ee.lmstudio.rest.infer;

import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one table of what the body of {@code POST infer} may hold, and how each field is checked. */
final class InferFields {
  /** Checks one field's value; notes what is wrong. */
  @FunctionalInterface
  interface Check {
    void check(Faults faults, String field, JsonValue value);
  }

  static final Map<String, Check> ALL = table();

  private InferFields() {}

  private static Map<String, Check> table() {
    Map<String, Check> fields = new LinkedHashMap<>();
    fields.put("model", InferFields::name);
    fields.put("messages", InferFields::messages);
    fields.put("prompt", InferFields::filled);
    fields.put("suffix", Faults::isText);
    fields.put("stream", Faults::isBoolean);
    fields.put("temperature", number(0, 2));
    fields.put("top_p", number(0, 1));
    fields.put("top_k", whole(0));
    fields.put("min_p", number(0, 1));
    fields.put("max_tokens", (faults, field, value) -> faults.checkWhole(field, value, 1, -1));
    fields.put("presence_penalty", number(-2, 2));
    fields.put("frequency_penalty", number(-2, 2));
    fields.put("repeat_penalty", number(0, Integer.MAX_VALUE));
    fields.put("seed", whole(-Long.MAX_VALUE));
    fields.put("stop", InferFields::stop);
    fields.put("tools", InferFields::objects);
    fields.put("tool_choice", InferFields::textOrObject);
    fields.put("response_format", Faults::isObject);
    fields.put("reasoning_effort", Faults::isText);
    fields.put("ttl", whole(0));
    fields.put("draft_model", InferFields::name);
    fields.put("logit_bias", Faults::isObject);
    fields.put("extra", InferFields::extra);
    return fields;
  }

  private static Check number(double least, double most) {
    return (faults, field, value) -> faults.checkNumber(field, value, least, most);
  }

  private static Check whole(long least) {
    return (faults, field, value) -> faults.checkWhole(field, value, least, least);
  }

  private static void name(Faults faults, String field, JsonValue value) {
    if (faults.isText(field, value) && ((JsonString) value).getString().isBlank()) {
      faults.add(field, "is blank; leave it out for the default model");
    }
  }

  private static void filled(Faults faults, String field, JsonValue value) {
    if (faults.isText(field, value) && ((JsonString) value).getString().isEmpty()) {
      faults.add(field, "is empty");
    }
  }

  private static void messages(Faults faults, String field, JsonValue value) {
    if (faults.isArray(field, value)) {
      new MessageCheck(faults).check(value.asJsonArray());
    }
  }

  private static void stop(Faults faults, String field, JsonValue value) {
    if (value instanceof JsonString) {
      return;
    }
    if (!(value instanceof JsonArray texts)) {
      faults.add(field, "must be a string or an array of up to 4 strings");
      return;
    }
    if (texts.size() > 4) {
      faults.add(field, "has " + texts.size() + " texts, allowed are 4");
    }
    for (int i = 0; i < texts.size(); i++) {
      faults.isText(field + "[" + i + "]", texts.get(i));
    }
  }

  private static void objects(Faults faults, String field, JsonValue value) {
    if (faults.isArray(field, value)) {
      JsonArray all = value.asJsonArray();
      for (int i = 0; i < all.size(); i++) {
        faults.isObject(field + "[" + i + "]", all.get(i));
      }
    }
  }

  private static void textOrObject(Faults faults, String field, JsonValue value) {
    if (!(value instanceof JsonString)) {
      faults.isObject(field, value);
    }
  }

  private static void extra(Faults faults, String field, JsonValue value) {
    if (faults.isObject(field, value)) {
      for (String name : value.asJsonObject().keySet()) {
        if (ALL.containsKey(name)) {
          faults.add(field + "." + name, "has a place of its own; put it at the top level");
        } else if (name.equals("stream_options")) {
          faults.add(field + "." + name, "is ours to set");
        }
      }
    }
  }
}
