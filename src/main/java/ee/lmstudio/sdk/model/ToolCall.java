package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds a function call that the model asks for. The SDK never calls the function.
 *
 * @param id id of the call, for the {@code tool} message that answers it; the SDK creates an id if
 *     LM Studio sent none
 * @param name name of the function as LM Studio sent it; since 0.3.23 LM Studio converts names to
 *     snake_case
 * @param arguments JSON text as the model wrote it; may be invalid JSON
 */
public record ToolCall(String id, String name, String arguments) {
  /** Checks that nothing is null. */
  public ToolCall {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(arguments, "arguments");
  }

  /**
   * {@return the call read from {@code json}; values that are missing are empty}
   *
   * @param json an entry of {@code tool_calls}
   */
  public static ToolCall of(JsonObject json) {
    JsonObject function = JsonText.object(json, "function");
    return new ToolCall(
        JsonText.string(json, "id").orElse(""),
        JsonText.string(function, "name").orElse(""),
        JsonText.string(function, "arguments").orElse(""));
  }

  /** {@return the arguments as an object; empty if the arguments are not a JSON object} */
  public Optional<JsonObject> argumentsAsJson() {
    return JsonText.readObject(arguments);
  }

  /** {@return the call as JSON in OpenAI's format} */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("id", id)
        .add("type", "function")
        .add("function", JSON.createObjectBuilder().add("name", name).add("arguments", arguments))
        .build();
  }

  /** Returns the id, the name and the size only, because the arguments may be private. */
  @Override
  public String toString() {
    return "ToolCall[%s, %s, %d]".formatted(id, name, arguments.length());
  }
}
