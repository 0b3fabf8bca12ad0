package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Checks generation options against a table of JSON types and of ranges that apply to every version
 * of LM Studio. Options that are not in the table are not checked.
 */
final class OptionChecks {
  /** Checks the value of one option and records its faults. */
  @FunctionalInterface
  private interface Check {
    void check(FieldFaults faults, String field, JsonValue value);
  }

  /** Fields of a request that its own components or the SDK set. */
  private static final Set<String> NO_OPTIONS =
      Set.of("model", "messages", "prompt", "suffix", "stream", "stream_options");

  private static final Map<String, Check> ALL = table();

  private OptionChecks() {}

  /** Checks every option. An option whose value is null counts as absent. */
  static void check(FieldFaults faults, JsonObject options) {
    options.forEach(
        (name, value) -> {
          if (NO_OPTIONS.contains(name)) {
            faults.add(
                name,
                "is not an option; the request or the SDK sets it",
                "Set the model and the texts on the request. The SDK chooses how to stream.");
          } else if (value != JsonValue.NULL && ALL.containsKey(name)) {
            ALL.get(name).check(faults, name, value);
          }
        });
  }

  private static Map<String, Check> table() {
    Check number = number(-Double.MAX_VALUE, Double.MAX_VALUE);
    Check whole = whole(Long.MIN_VALUE);
    Map<String, Check> table = new LinkedHashMap<>();
    table.put("temperature", number(0, 2));
    table.put("top_p", number(0, 1));
    table.put("top_k", whole);
    table.put("min_p", number);
    table.put("repeat_penalty", number);
    table.put("presence_penalty", number(-2, 2));
    table.put("frequency_penalty", number(-2, 2));
    table.put("logit_bias", OptionChecks::logitBias);
    table.put("logprobs", OptionChecks::logprobs);
    table.put("top_logprobs", whole(0));
    table.put("seed", whole);
    table.put("stop", OptionChecks::stop);
    table.put("max_tokens", OptionChecks::mostTokens);
    table.put("max_completion_tokens", OptionChecks::mostTokens);
    table.put("n", whole(1));
    table.put("best_of", whole(1));
    table.put("echo", FieldFaults::checkBoolean);
    table.put("ttl", whole);
    table.put("draft_model", FieldFaults::checkFilled);
    table.put("reasoning_effort", FieldFaults::checkFilled);
    table.put("tools", OptionChecks::tools);
    table.put("parallel_tool_calls", FieldFaults::checkBoolean);
    table.put("user", FieldFaults::isText);
    table.put("metadata", FieldFaults::isObject);
    table.put("tool_choice", OptionChecks::toolChoice);
    table.put("response_format", part(ResponseFormat::check));
    return table;
  }

  private static Check number(double least, double most) {
    return (faults, field, value) -> faults.checkNumber(field, value, least, most);
  }

  private static Check whole(long least) {
    return (faults, field, value) -> faults.checkWhole(field, value, least, Long.MAX_VALUE, least);
  }

  private static Check part(BiConsumer<FieldFaults, JsonObject> check) {
    return (faults, field, value) -> {
      if (faults.isObject(field, value)) {
        check.accept(faults.at(field), value.asJsonObject());
      }
    };
  }

  private static void mostTokens(FieldFaults faults, String field, JsonValue value) {
    faults.checkWhole(field, value, 1, Long.MAX_VALUE, -1);
  }

  private static void logitBias(FieldFaults faults, String field, JsonValue value) {
    if (faults.isObject(field, value)) {
      FieldFaults within = faults.at(field);
      value
          .asJsonObject()
          .forEach(
              (token, bias) ->
                  within.checkNumber(token, bias, -Double.MAX_VALUE, Double.MAX_VALUE));
    }
  }

  /** For a chat: whether to return log probabilities. For a completion: how many. */
  private static void logprobs(FieldFaults faults, String field, JsonValue value) {
    if (value instanceof JsonNumber) {
      faults.checkWhole(field, value, 0, Long.MAX_VALUE, 0);
    } else {
      faults.checkBoolean(field, value);
    }
  }

  private static void stop(FieldFaults faults, String field, JsonValue value) {
    if (value instanceof JsonString) {
      return;
    }
    if (!(value instanceof JsonArray texts)) {
      faults.add(field, "must be a string or an array of up to 4 strings");
      return;
    }
    if (texts.size() > 4) {
      faults.add(field, "has " + texts.size() + " entries; at most 4 are allowed");
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      faults.isText(field + "[" + i + "]", texts.get(i));
    }
  }

  private static void tools(FieldFaults faults, String field, JsonValue value) {
    if (faults.isArray(field, value)) {
      Check tool = part(Tool::check);
      List<JsonValue> all = value.asJsonArray();
      for (int i = 0; i < all.size(); i++) {
        tool.check(faults, field + "[" + i + "]", all.get(i));
      }
    }
  }

  /**
   * Accepts any word and any object, because later versions of LM Studio may accept more values.
   */
  private static void toolChoice(FieldFaults faults, String field, JsonValue value) {
    if (!(value instanceof JsonObject)) {
      faults.isText(field, value);
    }
  }
}
