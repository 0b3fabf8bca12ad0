package ee.lmstudio.http.api;

import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Set;

/**
 * Lists the fields that the body of {@code POST infer} may hold. The SDK's requests check the
 * values; this class checks only what the HTTP API adds.
 */
final class InferFields {
  /** Fields that are never sent to LM Studio. */
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
          "max_completion_tokens",
          "parallel_tool_calls",
          "logprobs",
          "top_logprobs",
          "user",
          "metadata",
          "n",
          "extra");

  private InferFields() {}

  /** Checks the names, {@code extra}, and what {@link GenerationFields} checks. */
  static void check(JsonObject fields, FieldFaults faults) {
    fields.forEach(
        (name, value) -> {
          if (!ALL.contains(name)) {
            faults.add(
                name, "is not a field of this request; put other fields for LM Studio into extra");
          }
        });
    GenerationFields.check(fields, faults);
    if (fields.containsKey("extra") && faults.isObject("extra", fields.get("extra"))) {
      extra(faults, fields);
    }
  }

  /** Returns whether {@code extra} may hold the field. {@code n} is accepted in either place. */
  static boolean mayBeExtra(String name, JsonObject fields) {
    return !ALL.contains(name) || (name.equals("n") && !fields.containsKey(name));
  }

  private static void extra(FieldFaults faults, JsonObject fields) {
    fields
        .getJsonObject("extra")
        .forEach(
            (name, value) -> {
              if (value == JsonValue.NULL) {
                return;
              }
              if (!mayBeExtra(name, fields)) {
                faults.add(
                    "extra." + name, "is a field of the request itself; put it at the top level");
              } else if (name.equals("stream_options")) {
                faults.add("extra." + name, "is set by the server; leave it out");
              }
            });
  }
}
