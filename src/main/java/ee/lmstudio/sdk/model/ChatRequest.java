package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a model to answer a chat ({@code POST /v1/chat/completions}).
 *
 * @param model whom to ask; empty takes the default model, or the only one that is loaded
 * @param messages the chat so far; at least one
 * @param options how to generate
 */
public record ChatRequest(Optional<String> model, List<Message> messages, GenerationOptions options)
    implements GenerationRequest {

  public ChatRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    messages = List.copyOf(messages);
    if (messages.isEmpty()) {
      throw ValidationException.of("messages", "is empty, at least one message is needed");
    }
  }

  /** One question to the default model. */
  public static ChatRequest of(String question) {
    return new ChatRequest(
        Optional.empty(), List.of(Message.user(question)), GenerationOptions.NONE);
  }

  /** One question to a model. */
  public static ChatRequest of(String model, String question) {
    return of(question).withModel(model);
  }

  @Override
  public ChatRequest withModel(String name) {
    return new ChatRequest(Optional.of(name), messages, options);
  }

  /** The same request, generated in another way. */
  public ChatRequest withOptions(GenerationOptions other) {
    return new ChatRequest(model, messages, other);
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
