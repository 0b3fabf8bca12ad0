package ee.lmstudio.simulator;

import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A request for a chat or a completion that passed the checks of LM Studio.
 *
 * @param body the whole body
 * @param prompt the input of the model
 * @param delivery how the answer is to be delivered
 */
record CheckedRequest(JsonBody body, Prompt prompt, Delivery delivery) {

  /**
   * How the answer is to be delivered.
   *
   * @param streamed whether to send events
   * @param includeUsage whether to send a last chunk with the token counts
   * @param maxTokens the maximum number of tokens
   * @param stops the texts at which the answer ends
   */
  record Delivery(boolean streamed, boolean includeUsage, long maxTokens, List<String> stops) {}

  private static final Set<String> FORMATS = Set.of("json_schema", "text");
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh");
  private static final Set<String> TOOL_CHOICES = Set.of("none", "auto", "required");

  /**
   * Checks a chat.
   *
   * @throws Refusal if LM Studio would refuse it
   */
  static CheckedRequest chat(JsonBody body) {
    requireToolChoice(body.value("tool_choice"));
    requireFormat(body);
    body.text("reasoning_effort").ifPresent(CheckedRequest::requireEffort);
    return new CheckedRequest(body, Prompt.ofMessages(body.value("messages")), delivery(body));
  }

  /**
   * Checks a completion.
   *
   * @throws Refusal if LM Studio would refuse it
   */
  static CheckedRequest completion(JsonBody body) {
    return new CheckedRequest(body, Prompt.ofText(body.value("prompt")), delivery(body));
  }

  private static Delivery delivery(JsonBody body) {
    OptionalLong limit =
        body.number("max_tokens")
            .or(() -> body.number("max_completion_tokens"))
            .map(OptionalLong::of)
            .orElseGet(OptionalLong::empty);
    return new Delivery(
        body.isTrue("stream"),
        body.inner("stream_options").isTrue("include_usage"),
        limit.isPresent() && limit.getAsLong() >= 0 ? limit.getAsLong() : Long.MAX_VALUE,
        stops(body.value("stop")));
  }

  private static List<String> stops(JsonValue stop) {
    List<String> stops = new ArrayList<>();
    if (stop instanceof JsonString text) {
      stops.add(text.getString());
    } else if (stop instanceof JsonArray texts) {
      texts.getValuesAs(JsonValue.class).stream()
          .filter(JsonString.class::isInstance)
          .forEach(text -> stops.add(((JsonString) text).getString()));
    }
    stops.removeIf(String::isEmpty);
    return List.copyOf(stops);
  }

  private static void requireToolChoice(JsonValue choice) {
    if (choice == JsonValue.NULL) {
      return;
    }
    if (!(choice instanceof JsonString name)) {
      String type = choice instanceof JsonArray ? "array" : "object";
      throw Refusal.text(
          400,
          "Invalid tool_choice type: '"
              + type
              + "'. Supported string values: none, auto, required");
    }
    if (!TOOL_CHOICES.contains(name.getString())) {
      throw Refusal.text(
          400,
          "Invalid tool_choice value: '"
              + name.getString()
              + "'. Supported string values: none, auto, required");
    }
  }

  private static void requireFormat(JsonBody body) {
    JsonBody format = body.inner("response_format");
    Optional<String> type = format.text("type");
    if (body.value("response_format") != JsonValue.NULL
        && !type.map(FORMATS::contains).orElse(false)) {
      throw Refusal.text(400, "'response_format.type' must be 'json_schema' or 'text'");
    }
  }

  private static void requireEffort(String effort) {
    if (!EFFORTS.contains(effort)) {
      throw Refusal.text(
          400,
          "Invalid reasoning_effort: '"
              + effort
              + "'. Supported values: none, minimal, low, medium, high, xhigh");
    }
  }

  /** Returns whether this is a chat. Otherwise it is a completion. */
  boolean isChat() {
    return body.value("messages") != JsonValue.NULL;
  }

  String model() {
    return body.text("model").orElse("").strip();
  }

  JsonArray tools() {
    return body.value("tools") instanceof JsonArray tools ? tools : JsonValue.EMPTY_JSON_ARRAY;
  }

  String toolChoice() {
    return body.text("tool_choice").orElse("auto");
  }

  /** Returns the JSON schema that the answer must follow; empty if there is none. */
  Optional<JsonValue> schema() {
    JsonBody format = body.inner("response_format");
    return format.text("type").filter("json_schema"::equals).isPresent()
        ? Optional.of(format.inner("json_schema").value("schema"))
        : Optional.empty();
  }

  boolean thinks() {
    return !body.text("reasoning_effort").orElse("").equals("none");
  }

  int promptTokens() {
    return prompt.tokens() + (tools().isEmpty() ? 0 : Prompt.tokens(tools().toString()));
  }
}
