package ee.lmstudio.run;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationRequest;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * The work of answering a chat or completing a text.
 *
 * @param ask what LM Studio is asked
 * @param sdk asks it
 */
public record GenerationWork(GenerationRequest ask, SdkContract sdk) implements Work {
  @Override
  public JsonObject request() {
    return ask.toJson();
  }

  @Override
  public Optional<String> model() {
    return ask.model();
  }

  @Override
  public void run(String caller, String requestId, RunWriter writer) {
    SdkContract asCaller = sdk.with(CallOptions.by(caller, requestId));
    switch (ask) {
      case ChatRequest chat -> asCaller.createChatCompletion(chat, writer);
      case CompletionRequest completion -> asCaller.createCompletion(completion, writer);
    }
  }
}
