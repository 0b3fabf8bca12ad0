package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Rewrites legal requests that some LM Studio versions refuse into equivalent ones that every
 * version accepts. Every rewrite keeps the meaning, and a rewritten request is not changed again.
 */
final class RequestAdapter {
  private RequestAdapter() {}

  /** Returns the messages as LM Studio accepts them; fields that are null are left out. */
  static List<Message> messages(List<Message> messages) {
    return messages.stream()
        .map(
            message -> {
              JsonObject adapted = message(message.json());
              return adapted.equals(message.json()) ? message : Message.of(adapted);
            })
        .toList();
  }

  /** Returns the options of a chat as LM Studio accepts them. */
  static GenerationOptions chat(GenerationOptions options) {
    return GenerationOptions.of(withOneTool(tools(common(options.json()))));
  }

  /** Returns the options of a completion as LM Studio accepts them. */
  static GenerationOptions completion(GenerationOptions options) {
    return GenerationOptions.of(common(options.json()));
  }

  private static JsonObject message(JsonObject given) {
    JsonObject message = JsonText.withoutNulls(given);
    if (message.get("content") instanceof JsonArray parts) {
      message = with(message, "content", each(parts, RequestAdapter::part));
    }
    if (message.get("tool_calls") instanceof JsonArray calls) {
      message = with(message, "tool_calls", each(calls, RequestAdapter::call));
    }
    return switch (message.getString("role")) {
      case "developer" -> with(message, "role", JSON.createValue("system"));
      case "assistant" ->
          message.containsKey("content") ? message : with(message, "content", JSON.createValue(""));
      case "tool" -> withOneText(message);
      default -> message;
    };
  }

  private static JsonObject call(JsonObject given) {
    JsonObject call = JsonText.withoutNulls(given);
    return call.get("function") instanceof JsonObject function
        ? with(call, "function", JsonText.withoutNulls(function))
        : call;
  }

  private static JsonObject part(JsonObject given) {
    JsonObject part = JsonText.withoutNulls(given);
    return part.get("image_url") instanceof JsonObject image
        ? with(part, "image_url", JsonText.withoutNulls(image))
        : part;
  }

  /** LM Studio refuses an array as the content of a tool message. */
  private static JsonObject withOneText(JsonObject message) {
    List<ContentPart> parts = Message.of(message).parts();
    return parts.stream().allMatch(ContentPart.Text.class::isInstance)
        ? with(message, "content", JSON.createValue(Message.of(message).text()))
        : message;
  }

  /** Both fields are upper limits, so that the smaller value applies; -1 means no limit. */
  private static JsonObject common(JsonObject given) {
    JsonObject options = JsonText.withoutNulls(given);
    if (options.get("max_completion_tokens") != null) {
      long cap = JsonText.whole(options, "max_completion_tokens").orElse(-1);
      long other = JsonText.whole(options, "max_tokens").orElse(-1);
      long smaller = cap == -1 ? other : other == -1 ? cap : Math.min(cap, other);
      options =
          with(
              JsonText.without(options, Set.of("max_completion_tokens")),
              "max_tokens",
              JSON.createValue(smaller));
    }
    return options.get("stop") instanceof JsonArray stop && stop.isEmpty()
        ? JsonText.without(options, Set.of("stop"))
        : options;
  }

  private static JsonObject tools(JsonObject options) {
    if (!(options.get("tools") instanceof JsonArray tools)) {
      return options;
    }
    return tools.isEmpty()
        ? JsonText.without(options, Set.of("tools"))
        : with(options, "tools", each(tools, RequestAdapter::tool));
  }

  private static JsonObject tool(JsonObject given) {
    JsonObject tool = JsonText.withoutNulls(given);
    if (!isFunction(tool)) {
      return tool;
    }
    JsonObject function = JsonText.withoutNulls(tool.getJsonObject("function"));
    return with(tool, "function", with(function, "parameters", parameters(function)));
  }

  /** LM Studio refuses a schema without a type, and an object schema without properties. */
  private static JsonObject parameters(JsonObject function) {
    JsonObject schema = JsonText.withoutNulls(JsonText.object(function, "parameters"));
    if (!schema.containsKey("type")) {
      schema = with(schema, "type", JSON.createValue("object"));
    }
    boolean object = JsonText.string(schema, "type").filter("object"::equals).isPresent();
    return object && !schema.containsKey("properties")
        ? with(schema, "properties", JsonValue.EMPTY_JSON_OBJECT)
        : schema;
  }

  /**
   * LM Studio refuses a tool choice that names a function. Offering only that function and
   * requiring a call means the same. A name that is not among the tools is left to LM Studio.
   */
  private static JsonObject withOneTool(JsonObject options) {
    if (!(options.get("tool_choice") instanceof JsonObject choice)
        || !isFunction(choice)
        || !(options.get("tools") instanceof JsonArray tools)) {
      return options;
    }
    JsonValue name = choice.getJsonObject("function").get("name");
    for (JsonObject tool : tools.getValuesAs(JsonObject.class)) {
      if (isFunction(tool) && tool.getJsonObject("function").get("name").equals(name)) {
        JsonObject one = with(options, "tools", JSON.createArrayBuilder().add(tool).build());
        return with(one, "tool_choice", JSON.createValue(ToolChoice.REQUIRED.text()));
      }
    }
    return options;
  }

  private static boolean isFunction(JsonObject json) {
    return json.get("type") instanceof JsonString type
        && type.getString().equals("function")
        && json.get("function") instanceof JsonObject;
  }

  private static JsonArray each(JsonArray all, UnaryOperator<JsonObject> change) {
    JsonArrayBuilder changed = JSON.createArrayBuilder();
    all.getValuesAs(JsonObject.class).forEach(one -> changed.add(change.apply(one)));
    return changed.build();
  }

  private static JsonObject with(JsonObject json, String name, JsonValue value) {
    return JSON.createObjectBuilder(json).add(name, value).build();
  }
}
