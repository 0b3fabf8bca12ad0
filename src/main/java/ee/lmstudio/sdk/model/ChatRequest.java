package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

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
 * <p>LM Studio refuses some legal requests, so the request is adapted where that keeps its meaning:
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
 * @param model whom to ask; empty takes the default model, or the only one that is loaded
 * @param messages the chat so far; at least one
 * @param options how to generate
 */
public record ChatRequest(Optional<String> model, List<Message> messages, GenerationOptions options)
    implements GenerationRequest {

  /**
   * Checks the values, and copies the collections.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if one is wrong; the message names it
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
   * One question to the default model.
   *
   * @param question what to answer
   * @return the request
   */
  public static ChatRequest of(String question) {
    return of(Message.user(question));
  }

  /**
   * One question to a model.
   *
   * @param model whom to ask
   * @param question what to answer
   * @return the request
   */
  public static ChatRequest of(String model, String question) {
    return of(question).withModel(model);
  }

  /**
   * A chat, to the default model.
   *
   * @param messages the chat so far, at least one
   * @return the request
   */
  public static ChatRequest of(Message... messages) {
    return new ChatRequest(Optional.empty(), List.of(messages), GenerationOptions.NONE);
  }

  /**
   * The request that {@code json} is. Every field is kept but {@code stream} and {@code
   * stream_options}: how it is sent is the SDK's to say.
   *
   * @param json as OpenAI's format has it
   * @return the request
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
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
   * {@return the same request, generated in another way}
   *
   * @param other how to generate
   */
  public ChatRequest withOptions(GenerationOptions other) {
    return new ChatRequest(model, messages, other);
  }

  /**
   * {@return the same request with more messages behind those that it has}
   *
   * @param more in their order
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

  /** Model and number of messages only: the texts are somebody's. */
  @Override
  public String toString() {
    return "ChatRequest[" + model.orElse("default model") + ", " + messages.size() + " messages]";
  }
}
