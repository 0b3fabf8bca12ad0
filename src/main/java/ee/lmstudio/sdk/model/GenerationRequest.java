package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.capability.Capability;
import jakarta.json.JsonObject;
import java.util.Optional;

/** What a model shall generate: an answer to a chat, or the continuation of a text. */
public sealed interface GenerationRequest permits ChatRequest, CompletionRequest {
  /** {@return where it is posted, such as {@code v1/chat/completions}} */
  String path();

  /** {@return what of LM Studio it uses} */
  default Capability capability() {
    return switch (this) {
      case ChatRequest chat -> Capability.CHAT;
      case CompletionRequest completion -> Capability.COMPLETIONS;
    };
  }

  /** {@return which model is asked; empty leaves the choice to the SDK} */
  Optional<String> model();

  /**
   * {@return the same request to another model}
   *
   * @param model its id
   */
  GenerationRequest withModel(String model);

  /** {@return the JSON that is posted, without {@code stream} and its options} */
  JsonObject toJson();

  /**
   * {@return how many tokens the prompt may have, for servers that do not say: one for each four
   * bytes of UTF-8, rounded up, and four for each message}
   */
  int estimatedPromptTokens();
}
