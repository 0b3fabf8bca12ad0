package ee.lmstudio.http.api;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ContentPart;
import ee.lmstudio.sdk.model.Message;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Set;

/**
 * Which fields the body of {@code POST infer} may hold. What may stand in them the SDK's requests
 * check; here is what the HTTP contract adds to that.
 */
final class InferFields {
  /** Those that LM Studio is never sent. */
  static final Set<String> OURS = Set.of("stream", "extra");

  static final Set<String> ALL =
      Set.of(
          "model",
          "messages",
          "prompt",
          "suffix",
          "stream",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "max_tokens",
          "presence_penalty",
          "frequency_penalty",
          "repeat_penalty",
          "seed",
          "stop",
          "tools",
          "tool_choice",
          "response_format",
          "reasoning_effort",
          "ttl",
          "draft_model",
          "logit_bias",
          "extra");

  private InferFields() {}

  /** Checks what is not LM Studio's: names, {@code stream}, {@code extra}, sizes of numbers. */
  static void check(JsonObject fields, Faults faults) {
    fields.forEach(
        (name, value) -> {
          if (!ALL.contains(name)) {
            faults.add(name, "is no field of this request; put LM Studio's own fields into extra");
          } else {
            NumberCheck.checkWithin(faults, name, value);
          }
        });
    if (fields.containsKey("stream")) {
      faults.checkBoolean("stream", fields.get("stream"));
    }
    if (fields.containsKey("extra") && faults.isObject("extra", fields.get("extra"))) {
      extra(faults, fields.getJsonObject("extra"));
    }
  }

  private static void extra(Faults faults, JsonObject extra) {
    for (String name : extra.keySet()) {
      if (ALL.contains(name)) {
        faults.add("extra." + name, "has a place of its own; put it at the top level");
      } else if (name.equals("stream_options")) {
        faults.add("extra." + name, "is ours to set");
      }
    }
  }

  /** The contract knows text and images only; the SDK passes on other parts, too. */
  static void checkParts(JsonValue messages, Faults faults) {
    if (!(messages instanceof JsonArray all)) {
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      List<ContentPart> parts = partsOf(all.get(i));
      for (int j = 0; j < parts.size(); j++) {
        if (parts.get(j) instanceof ContentPart.Other) {
          faults.add("messages[%d].content[%d].type".formatted(i, j), "must be text or image_url");
        }
      }
    }
  }

  private static List<ContentPart> partsOf(JsonValue message) {
    try {
      return message instanceof JsonObject json ? Message.of(json).parts() : List.of();
    } catch (ValidationException toldAlready) {
      return List.of();
    }
  }
}
