package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a model to answer a chat ({@code POST /v1/chat/completions}).
 *
 * <p>LM Studio refuses some valid requests. The SDK adapts them without changing their meaning:
 *
 * <ul>
 *   <li>the role {@code developer} is sent as {@code system};
 *   <li>content that is missing beside tool calls is sent as an empty text, and the parts of a tool
 *       message as one text;
 *   <li>a tool call without an id gets one, and so does the message that answers it;
 *   <li>a tool choice that names a function is sent as that one tool, required;
 *   <li>a schema without {@code type} or {@code properties} gets them;
 *   <li>{@code max_completion_tokens} is sent as {@code max_tokens}; fields that are null are not
 *       sent.
 * </ul>
 *
 * @param model id of the model to ask; if empty, the default model or, without a default, the only
 *     loaded model
 * @param messages the chat so far; at least one message
 * @param options the generation options
 */
public record ChatRequest(Optional<String> model, List<Message> messages, GenerationOptions options)
    implements GenerationRequest {

  /**
   * Checks the values, and copies the collections.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names the
   *     value
   */
  public ChatRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    FieldFaults faults = new FieldFaults();
    if (messages.isEmpty()) {
      faults.add("messages", "is empty; at least one message is required");
    }
    faults.throwIfAny();
    messages = List.copyOf(CallIds.filled(RequestAdapter.messages(messages)));
    options = RequestAdapter.chat(options);
  }

  /**
   * Returns a request with one question to the default model.
   *
   * @param question the text of the user's message
   * @return the request
   */
  public static ChatRequest of(String question) {
    return of(Message.user(question));
  }

  /**
   * Returns a request with one question to a model.
   *
   * @param model id of the model to ask
   * @param question the text of the user's message
   * @return the request
   */
  public static ChatRequest of(String model, String question) {
    return of(question).withModel(model);
  }

  /**
   * Returns a request with a chat for the default model.
   *
   * @param messages the chat so far; at least one message
   * @return the request
   */
  public static ChatRequest of(Message... messages) {
    return new ChatRequest(Optional.empty(), List.of(messages), GenerationOptions.NONE);
  }

  /**
   * Reads a request from JSON. Every field is kept except {@code stream} and {@code
   * stream_options}, which the SDK sets.
   *
   * @param json a request body in OpenAI's format
   * @return the request
   * @throws ee.lmstudio.sdk.error.ValidationException if a field is invalid; it lists all invalid
   *     fields
   */
  public static ChatRequest of(JsonObject json) {
    RequestFields fields = new RequestFields(json);
    Optional<String> model = fields.model();
    JsonValue messages = fields.take("messages");
    checkMessages(fields.faults(), messages);
    return fields.request(
        options ->
            new ChatRequest(model, messages.asJsonArray().getValuesAs(Message::of), options));
  }

  private static void checkMessages(FieldFaults faults, JsonValue value) {
    if (value == null) {
      faults.add("messages", "is missing");
    } else if (faults.isArray("messages", value)) {
      JsonArray all = value.asJsonArray();
      if (all.isEmpty()) {
        faults.add("messages", "is empty; at least one message is required");
      }
      for (int i = 0; i < all.size(); i++) {
        String at = "messages[" + i + "]";
        if (faults.isObject(at, all.get(i))) {
          MessageCheck.check(faults.at(at), all.getJsonObject(i));
        }
      }
    }
  }

  @Override
  public ChatRequest withModel(String name) {
    return new ChatRequest(Optional.of(name), messages, options);
  }

  /**
   * {@return the same request with other generation options}
   *
   * @param other the options
   */
  public ChatRequest withOptions(GenerationOptions other) {
    return new ChatRequest(model, messages, other);
  }

  /**
   * {@return the same request with {@code more} messages appended}
   *
   * @param more the messages, in their order
   */
  public ChatRequest withMore(Message... more) {
    List<Message> all = new ArrayList<>(messages);
    all.addAll(List.of(more));
    return new ChatRequest(model, all, options);
  }

  @Override
  public String path() {
    return "v1/chat/completions";
  }

  @Override
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder();
    model.ifPresent(name -> json.add("model", name));
    JsonArrayBuilder all = JSON.createArrayBuilder();
    messages.forEach(message -> all.add(message.json()));
    return json.add("messages", all).addAll(JSON.createObjectBuilder(options.json())).build();
  }

  @Override
  public int estimatedPromptTokens() {
    return messages.stream().mapToInt(message -> 4 + TokenEstimate.of(message.text())).sum();
  }

  /** Returns the model and the number of messages only, because the texts may be private. */
  @Override
  public String toString() {
    return "ChatRequest[" + model.orElse("default model") + ", " + messages.size() + " messages]";
  }
}
