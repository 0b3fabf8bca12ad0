package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;

/**
 * A call of a tool that LM Studio makes itself during a native chat.
 *
 * @param tool the name of the tool
 * @param arguments its arguments
 * @param provider the integration that has the tool, as {@code provider_info}
 * @param text the text of its result, or why the call failed
 * @param failure {@code invalid_name} or {@code invalid_arguments}; empty if the call succeeded
 */
record McpCall(
    String tool, JsonObject arguments, JsonObject provider, String text, Optional<String> failure) {

  JsonObjectBuilder start() {
    return fields().add("tool", tool).add("provider_info", provider);
  }

  JsonObjectBuilder withArguments() {
    return fields().add("tool", tool).add("arguments", arguments).add("provider_info", provider);
  }

  /** Returns the fields of a call that succeeded. The output is JSON as a text, as recorded. */
  JsonObjectBuilder success() {
    JsonObjectBuilder part = fields().add("type", "text").add("text", text);
    return fields()
        .add("tool", tool)
        .add("arguments", arguments)
        .add("output", JSON.createArrayBuilder().add(part).build().toString())
        .add("provider_info", provider);
  }

  /** Returns the fields of a call that failed. */
  JsonObjectBuilder failed() {
    String type = failure.orElseThrow();
    JsonObjectBuilder metadata = fields().add("type", type).add("tool_name", tool);
    if (type.equals("invalid_arguments")) {
      metadata.add("arguments", arguments).add("provider_info", provider);
    }
    return fields().add("reason", text).add("metadata", metadata);
  }

  private static JsonObjectBuilder fields() {
    return JSON.createObjectBuilder();
  }
}
