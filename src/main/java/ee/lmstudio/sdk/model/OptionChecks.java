package ee.lmstudio.sdk.model;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The one table of generation options, and how each is checked. Others pass as they are. */
final class OptionChecks {
  /** Checks one option's value; notes what is wrong. */
  @FunctionalInterface
  private interface Check {
    void check(FieldFaults faults, String field, JsonValue value);
  }

  /** What the request itself, or the SDK, says. */
  private static final Set<String> NO_OPTIONS =
      Set.of("model", "messages", "prompt", "suffix", "stream", "stream_options");

  private static final Set<String> TOOL_CHOICES =
      texts(Stream.of(ToolChoice.values()).map(ToolChoice::text));

  private static final Set<String> EFFORTS =
      texts(Stream.of(ReasoningEffort.values()).map(ReasoningEffort::text));

  private static final Map<String, Check> ALL = table();

  private OptionChecks() {}

  /**
   * Does nothing if all is well. An option that is null is none.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  static void check(JsonObject options) {
    FieldFaults faults = new FieldFaults();
    options.forEach(
        (name, value) -> {
          if (NO_OPTIONS.contains(name)) {
            faults.add(name, "is no option, the request or the SDK sets it");
          } else if (value != JsonValue.NULL && ALL.containsKey(name)) {
            ALL.get(name).check(faults, name, value);
          }
        });
    faults.throwIfAny();
  }

  private static Map<String, Check> table() {
    Map<String, Check> table = new LinkedHashMap<>();
    table.put("temperature", number(0, 2));
    table.put("top_p", number(0, 1));
    table.put("top_k", whole(0, Long.MAX_VALUE));
    table.put("min_p", number(0, 1));
    table.put("repeat_penalty", number(0, Integer.MAX_VALUE));
    table.put("presence_penalty", number(-2, 2));
    table.put("frequency_penalty", number(-2, 2));
    table.put("logit_bias", OptionChecks::logitBias);
    table.put("logprobs", OptionChecks::logprobs);
    table.put("top_logprobs", whole(0, 20));
    table.put("seed", whole(Long.MIN_VALUE, Long.MAX_VALUE));
    table.put("stop", OptionChecks::stop);
    table.put("max_tokens", OptionChecks::mostTokens);
    table.put("max_completion_tokens", OptionChecks::mostTokens);
    table.put("n", whole(1, 1));
    table.put("best_of", whole(1, Long.MAX_VALUE));
    table.put("echo", FieldFaults::checkBoolean);
    table.put("ttl", whole(0, Long.MAX_VALUE));
    table.put("draft_model", FieldFaults::checkFilled);
    table.put("reasoning_effort", OptionChecks::reasoningEffort);
    table.put("tools", OptionChecks::tools);
    table.put("tool_choice", OptionChecks::toolChoice);
    table.put("response_format", part(ResponseFormat::of));
    return table;
  }

  private static Set<String> texts(Stream<String> texts) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(texts.toList()));
  }

  private static Check number(double least, double most) {
    return (faults, field, value) -> faults.checkNumber(field, value, least, most);
  }

  private static Check whole(long least, long most) {
    return (faults, field, value) -> faults.checkWhole(field, value, least, most, least);
  }

  private static Check part(Consumer<JsonObject> reader) {
    return (faults, field, value) -> {
      if (faults.isObject(field, value)) {
        faults.within(field, () -> reader.accept(value.asJsonObject()));
      }
    };
  }

  private static void mostTokens(FieldFaults faults, String field, JsonValue value) {
    faults.checkWhole(field, value, 1, Long.MAX_VALUE, -1);
  }

  private static void logitBias(FieldFaults faults, String field, JsonValue value) {
    if (faults.isObject(field, value)) {
      value
          .asJsonObject()
          .forEach((token, bias) -> faults.checkNumber(field + "." + token, bias, -100, 100));
    }
  }

  /** Of a chat whether, of a text how many. */
  private static void logprobs(FieldFaults faults, String field, JsonValue value) {
    if (value instanceof JsonNumber) {
      faults.checkWhole(field, value, 0, 5, 0);
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
      faults.add(field, "has " + texts.size() + " texts, allowed are 4");
    }
    for (int i = 0; i < texts.size(); i++) {
      faults.isText(field + "[" + i + "]", texts.get(i));
    }
  }

  private static void tools(FieldFaults faults, String field, JsonValue value) {
    if (faults.isArray(field, value)) {
      List<JsonValue> all = value.asJsonArray();
      for (int i = 0; i < all.size(); i++) {
        part(Tool::of).check(faults, field + "[" + i + "]", all.get(i));
      }
    }
  }

  private static void toolChoice(FieldFaults faults, String field, JsonValue value) {
    if (value instanceof JsonObject) {
      faults.add(
          field,
          "is an object, LM Studio takes only none, auto and required",
          "Offer only the tool that shall be called, with tool_choice required.");
    } else {
      faults.checkOneOf(field, value, TOOL_CHOICES);
    }
  }

  private static void reasoningEffort(FieldFaults faults, String field, JsonValue value) {
    if (value instanceof JsonString word && Set.of("off", "on").contains(word.getString())) {
      faults.add(
          field,
          "is %s, LM Studio takes %s".formatted(word, String.join(", ", EFFORTS)),
          "Say none to switch reasoning off, low to high to switch it on.");
    } else {
      faults.checkOneOf(field, value, EFFORTS);
    }
  }
}
