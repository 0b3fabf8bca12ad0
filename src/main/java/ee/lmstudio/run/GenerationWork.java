package ee.lmstudio.run;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.stream.StreamContent;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;

/**
 * The work of answering a chat or completing a text.
 *
 * @param ask the request to LM Studio
 * @param sdk returns the SDK that sends the requests of a caller, given the caller's name
 * @param recovery what happens when the stream breaks after text; empty: as the settings say
 * @param usageChunk whether the client has asked for OpenAI's chunk with the numbers of tokens
 */
public record GenerationWork(
    GenerationRequest ask,
    Function<String, SdkContract> sdk,
    Optional<StreamRecovery> recovery,
    boolean usageChunk)
    implements Work {
  @Override
  public JsonObject request() {
    return ask.toJson();
  }

  @Override
  public StreamContent content() {
    return switch (ask) {
      case ChatRequest chat -> new StreamContent(StreamContent.Kind.CHAT, usageChunk);
      case CompletionRequest text -> new StreamContent(StreamContent.Kind.COMPLETION, usageChunk);
    };
  }

  @Override
  public Optional<String> model() {
    return ask.model();
  }

  @Override
  public void run(String caller, String requestId, RunWriter writer) {
    CallOptions options =
        CallOptions.builder()
            .actor(caller)
            .requestId(requestId)
            .streamRecovery(recovery.orElse(null))
            .build();
    SdkContract asCaller = sdk.apply(caller).with(options);
    switch (ask) {
      case ChatRequest chat -> asCaller.createChatCompletion(chat, writer);
      case CompletionRequest completion -> asCaller.createCompletion(completion, writer);
    }
  }
}
