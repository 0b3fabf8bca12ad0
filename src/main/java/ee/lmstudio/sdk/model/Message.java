package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

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
 * One message of a chat, as OpenAI's format has it.
 *
 * @param json the whole message, with whatever fields it has; role, content, tool calls and their
 *     ids are checked
 */
public record Message(JsonObject json) {
  /** The roles that a message can have. */
  public static final Set<String> ROLES =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of("system", "developer", "user", "assistant", "tool")));

  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if one is wrong; the message names it
   */
  public Message {
    FieldFaults faults = new FieldFaults();
    MessageCheck.check(faults, json);
    faults.throwIfAny();
  }

  /**
   * {@return the message that {@code json} is; every field of it is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  public static Message of(JsonObject json) {
    return new Message(json);
  }

  /**
   * What the model shall be or do.
   *
   * @param text an instruction
   * @return the message
   */
  public static Message system(String text) {
    return of("system", text);
  }

  /**
   * What a person says.
   *
   * @param text what is said
   * @return the message
   */
  public static Message user(String text) {
    return of("user", text);
  }

  /**
   * What a person says and shows: text and images, in this order.
   *
   * @param parts at least one
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
   * What the model said before.
   *
   * @param text its visible text
   * @return the message
   */
  public static Message assistant(String text) {
    return of("assistant", text);
  }

  /**
   * What the model said before, and which functions it wanted called. Each call is answered by a
   * message of {@link #tool}. See {@link Completion#toMessage()}.
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
   * What a function returned that the model wanted called.
   *
   * @param callId {@link ToolCall#id()} of the call that this answers
   * @param result text, often JSON
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

  /** {@return the message as LM Studio's JSON has it: the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return who speaks: one of {@link #ROLES}} */
  public String role() {
    return json.getString("role");
  }

  /** {@return the content part by part: a plain text is one part; empty if there is no content} */
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

  /** {@return the functions that the model wanted called; empty if none} */
  public List<ToolCall> toolCalls() {
    return json.get("tool_calls") instanceof JsonArray calls
        ? calls.getValuesAs(JsonObject.class).stream().map(ToolCall::of).toList()
        : List.of();
  }

  /** {@return which call the message of a tool answers} */
  public Optional<String> toolCallId() {
    return JsonText.string(json, "tool_call_id");
  }

  /** The role only: the text is somebody's. */
  @Override
  public String toString() {
    return "Message[" + role() + "]";
  }

  /** Returns the message with one field set. */
  Message with(String name, JsonValue value) {
    return new Message(JSON.createObjectBuilder(json).add(name, value).build());
  }
}
