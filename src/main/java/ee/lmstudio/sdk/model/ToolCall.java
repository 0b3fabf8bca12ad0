package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;

/**
 * A function that the model wants called. It is never called by this project.
 *
 * @param id names the call in the answering {@code tool} message; made up by us if LM Studio sent
 *     none
 * @param name the function
 * @param arguments JSON text, as the model wrote it; may be no valid JSON
 */
public record ToolCall(String id, String name, String arguments) {
  /** As OpenAI's format has it. */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("id", id)
        .add("type", "function")
        .add("function", JSON.createObjectBuilder().add("name", name).add("arguments", arguments))
        .build();
  }
}
