package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.capability.Capability;
import jakarta.json.JsonObject;
import java.util.Optional;

/** Asks a model to generate the answer to a chat, or the continuation of a text. */
public sealed interface GenerationRequest permits ChatRequest, CompletionRequest {
  /** {@return the path to which the request is posted, such as {@code v1/chat/completions}} */
  String path();

  /** {@return the capability of LM Studio that this request needs} */
  default Capability capability() {
    return switch (this) {
      case ChatRequest chat -> Capability.CHAT;
      case CompletionRequest completion -> Capability.COMPLETIONS;
    };
  }

  /** {@return the id of the requested model; empty if the SDK chooses the model} */
  Optional<String> model();

  /**
   * {@return the same request to another model}
   *
   * @param model id of the model
   */
  GenerationRequest withModel(String model);

  /** {@return the request body without {@code stream} and {@code stream_options}} */
  JsonObject toJson();

  /**
   * {@return the estimated number of tokens of the prompt, for servers that send none: one token
   * for each four bytes of UTF-8, rounded up, and four tokens for each message}
   */
  int estimatedPromptTokens();
}
