package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds one message of a chat in OpenAI's format.
 *
 * @param json the whole message, including unknown fields; role, content, tool calls and their ids
 *     are checked
 */
public record Message(JsonObject json) {
  /** The roles that a message can have. */
  public static final Set<String> ROLES =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of("system", "developer", "user", "assistant", "tool")));

  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names the
   *     value
   */
  public Message {
    FieldFaults faults = new FieldFaults();
    MessageCheck.check(faults, json);
    faults.throwIfAny();
  }

  /**
   * {@return the message read from {@code json}; every field is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a field is invalid; it lists all invalid
   *     fields
   */
  public static Message of(JsonObject json) {
    return new Message(json);
  }

  /**
   * Returns a system message, which tells the model what to be or do.
   *
   * @param text the instruction
   * @return the message
   */
  public static Message system(String text) {
    return of("system", text);
  }

  /**
   * Returns a user message with text.
   *
   * @param text the text
   * @return the message
   */
  public static Message user(String text) {
    return of("user", text);
  }

  /**
   * Returns a user message with text and images.
   *
   * @param parts at least one part, in the order in which the model reads them
   * @return the message
   */
  public static Message user(ContentPart... parts) {
    JsonArrayBuilder content = JSON.createArrayBuilder();
    for (ContentPart part : parts) {
      content.add(part.toJson());
    }
    return new Message(
        JSON.createObjectBuilder().add("role", "user").add("content", content).build());
  }

  /**
   * Returns an earlier answer of the model.
   *
   * @param text the visible text
   * @return the message
   */
  public static Message assistant(String text) {
    return of("assistant", text);
  }

  /**
   * Returns an earlier answer of the model with tool calls. A message of {@link #tool} must answer
   * each call. See {@link Completion#toMessage()}.
   *
   * @param text may be empty
   * @param calls may be empty
   * @return the message
   */
  public static Message assistant(String text, List<ToolCall> calls) {
    JsonObjectBuilder json =
        JSON.createObjectBuilder().add("role", "assistant").add("content", text);
    if (!calls.isEmpty()) {
      JsonArrayBuilder all = JSON.createArrayBuilder();
      calls.forEach(call -> all.add(call.toJson()));
      json.add("tool_calls", all);
    }
    return new Message(json.build());
  }

  /**
   * Returns the result of a function that the model called.
   *
   * @param callId {@link ToolCall#id()} of the call
   * @param result a text, often JSON
   * @return the message
   */
  public static Message tool(String callId, String result) {
    return new Message(
        JSON.createObjectBuilder()
            .add("role", "tool")
            .add("tool_call_id", callId)
            .add("content", result)
            .build());
  }

  private static Message of(String role, String text) {
    return new Message(JSON.createObjectBuilder().add("role", role).add("content", text).build());
  }

  /** {@return the message as JSON in LM Studio's format; the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return the role of the speaker, one of {@link #ROLES}} */
  public String role() {
    return json.getString("role");
  }

  /** {@return the parts of the content; a plain text is one part; empty if there is no content} */
  public List<ContentPart> parts() {
    return switch (json.get("content")) {
      case JsonString text -> List.of(ContentPart.text(text.getString()));
      case JsonArray parts ->
          parts.getValuesAs(JsonObject.class).stream().map(ContentPart::of).toList();
      case null, default -> List.of();
    };
  }

  /** {@return all text of the message, its text parts joined; empty if it has none} */
  public String text() {
    if (json.get("content") instanceof JsonString text) {
      return text.getString();
    }
    StringBuilder joined = new StringBuilder();
    for (ContentPart part : parts()) {
      if (part instanceof ContentPart.Text text) {
        joined.append(text.text());
      }
    }
    return joined.toString();
  }

  /** {@return the tool calls of the message; empty if there are none} */
  public List<ToolCall> toolCalls() {
    return json.get("tool_calls") instanceof JsonArray calls
        ? calls.getValuesAs(JsonObject.class).stream().map(ToolCall::of).toList()
        : List.of();
  }

  /** {@return the id of the call that a tool message answers} */
  public Optional<String> toolCallId() {
    return JsonText.string(json, "tool_call_id");
  }

  /** Returns the role only, because the text may be private. */
  @Override
  public String toString() {
    return "Message[" + role() + "]";
  }

  /** Returns the message with one field set. */
  Message with(String name, JsonValue value) {
    return new Message(JSON.createObjectBuilder(json).add(name, value).build());
  }
}
