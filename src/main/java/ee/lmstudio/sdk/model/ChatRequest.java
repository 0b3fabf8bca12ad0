package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
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
 * @param model whom to ask; empty takes the default model, or the only one that is loaded
 * @param messages the chat so far; at least one. Tool calls without an id get one, and so does the
 *     message that answers them: LM Studio sends such calls, but refuses to see one again
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
    if (options.json().get("logprobs") instanceof JsonNumber) {
      faults.add(
          "logprobs",
          "is a number; a chat takes true or false here",
          "Call logprobs(true), and topLogprobs(n) for the number of tokens.");
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
    List<Message> messages = messages(fields.take("messages"), fields.faults());
    return fields.request(options -> new ChatRequest(model, messages, options));
  }

  private static List<Message> messages(JsonValue value, FieldFaults faults) {
    List<Message> messages = new ArrayList<>();
    if (value == null) {
      faults.add("messages", "is missing");
    } else if (faults.isArray("messages", value)) {
      JsonArray all = value.asJsonArray();
      if (all.isEmpty()) {
        faults.add("messages", "is empty; at least one message is required");
      }
      for (int i = 0; i < all.size(); i++) {
        String at = "messages[" + i + "]";
        JsonValue message = all.get(i);
        if (faults.isObject(at, message)) {
          faults.within(at, () -> messages.add(new Message(message.asJsonObject())));
        }
      }
    }
    return messages;
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
