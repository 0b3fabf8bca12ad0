package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;

/**
 * A function that the model wants called. It is never called by this project.
 *
 * @param id names the call in the answering {@code tool} message; made up by us if LM Studio sent
 *     none
 * @param name the function, as LM Studio writes it: since 0.3.23 in snake_case, whatever the
 *     request had
 * @param arguments JSON text, as the model wrote it; may be no valid JSON
 */
public record ToolCall(String id, String name, String arguments) {
  /** Checks that nothing is null. */
  public ToolCall {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(arguments, "arguments");
  }

  /**
   * {@return the call that {@code json} is; what it does not say is an empty text}
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

  /** {@return the arguments as an object; empty if the model wrote something else} */
  public Optional<JsonObject> argumentsAsJson() {
    return JsonText.readObject(arguments);
  }

  /** {@return the call as OpenAI's format has it} */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("id", id)
        .add("type", "function")
        .add("function", JSON.createObjectBuilder().add("name", name).add("arguments", arguments))
        .build();
  }

  /** Id, name and size only: the arguments are somebody's text. */
  @Override
  public String toString() {
    return "ToolCall[%s, %s, %d]".formatted(id, name, arguments.length());
  }
}
