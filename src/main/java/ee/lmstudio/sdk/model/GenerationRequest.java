package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.capability.Capability;
import jakarta.json.JsonObject;
import java.util.Optional;

/** What a model shall generate: an answer to a chat, or the continuation of a text. */
public sealed interface GenerationRequest permits ChatRequest, CompletionRequest {
  /** Where it is posted, such as {@code v1/chat/completions}. */
  String path();

  /** What of LM Studio it uses. */
  default Capability capability() {
    return switch (this) {
      case ChatRequest chat -> Capability.CHAT;
      case CompletionRequest completion -> Capability.COMPLETIONS;
    };
  }

  /** Which model is asked; empty leaves the choice to the SDK. */
  Optional<String> model();

  /** The same request to another model. */
  GenerationRequest withModel(String model);

  /** The JSON that is posted, without {@code stream} and its options. */
  JsonObject toJson();

  /**
   * How many tokens the prompt may have, for servers that do not say: one for each four bytes of
   * UTF-8, rounded up, and four for each message.
   */
  int estimatedPromptTokens();
}
