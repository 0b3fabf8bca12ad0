package ee.lmstudio.simulator;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Answers {@code /api/v1/chat}. Used by one thread. */
final class NativeChat {
  private final Generator generator;
  private final StoredResponses stored;
  private final Express express;
  private final Set<TokenPermission> permissions;

  NativeChat(
      Generator generator,
      StoredResponses stored,
      Express express,
      Set<TokenPermission> permissions) {
    this.generator = generator;
    this.stored = stored;
    this.express = express;
    this.permissions = permissions;
  }

  SimulatorReply answer(SimulatorRequest http) {
    NativeChatRequest request = new NativeChatRequest(JsonBody.of(http));
    Optional<McpCall> call =
        new Integrations(request.body(), permissions, express.version())
            .call(request.question(), SimulatorHeaders.toolFailure(http));
    JsonArray earlier = stored.conversation(request.body().text("previous_response_id"));
    JsonObject body = request.toChat(earlier, call);
    CheckedRequest chat = CheckedRequest.chat(JsonBody.of(body));
    boolean streamed = chat.delivery().streamed();
    try {
      Generation generation = generator.generate(http, chat);
      Optional<String> id =
          request.stores() ? Optional.of(store(body, generation)) : Optional.empty();
      NativeResult result = new NativeResult(generation, call, id);
      return streamed
          ? express.events(Duration.ZERO, new NativeEvents(result).frames())
          : express.json(200, JsonStringifier.indented(result.json(), 2), generation.end());
    } catch (PromptTooLong tooLong) {
      return streamed
          ? express.events(Duration.ZERO, NativeEvents.failed(tooLong))
          : express.json(400, NativeEvents.error(tooLong).toString(), tooLong.readyAt());
    }
  }

  private String store(JsonObject body, Generation generation) {
    String id = stored.newId(generation);
    JsonArray conversation =
        ChatRequestBuilder.withAnswer(body.getJsonArray("messages"), generation.draft());
    stored.put(id, new StoredResponses.Stored(conversation, ""));
    return id;
  }
}
