package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;

/** Answers {@code /v1/responses}. Used by one thread. */
final class Responses {
  private final Generator generator;
  private final StoredResponses stored;
  private final Express express;

  Responses(Generator generator, StoredResponses stored, Express express) {
    this.generator = generator;
    this.stored = stored;
    this.express = express;
  }

  SimulatorReply create(SimulatorRequest http) {
    ResponsesRequest request = new ResponsesRequest(JsonBody.of(http));
    JsonArray earlier = stored.conversation(request.body().text("previous_response_id"));
    JsonObject chat = request.toChat(earlier);
    return generator.answer(
        http,
        CheckedRequest.chat(JsonBody.of(chat)),
        generation -> form(request, withoutInstructions(request, chat), generation));
  }

  private AnswerForm form(ResponsesRequest request, JsonArray messages, Generation generation) {
    String id = stored.newId(generation);
    ResponseObject response = new ResponseObject(generation, request.body(), id);
    String whole = JsonStringifier.indented(response.completed(), 2);
    if (request.stores()) {
      JsonArray conversation = ChatRequestBuilder.withAnswer(messages, generation.draft());
      stored.put(id, new StoredResponses.Stored(conversation, whole));
    }
    return new AnswerForm(() -> whole, () -> new ResponseEvents(response).frames());
  }

  /** The instructions of a request are not part of the conversation that later ones continue. */
  private static JsonArray withoutInstructions(ResponsesRequest request, JsonObject chat) {
    JsonArray messages = chat.getJsonArray("messages");
    return request.body().text("instructions").isEmpty()
        ? messages
        : JSON.createArrayBuilder(messages).remove(0).build();
  }

  SimulatorReply read(String id) {
    String json =
        stored
            .find(id)
            .map(StoredResponses.Stored::json)
            .filter(found -> !found.isEmpty())
            .orElseThrow(() -> unknown(id));
    return express.json(200, json, Duration.ZERO);
  }

  SimulatorReply delete(String id) {
    if (!stored.remove(id)) {
      throw unknown(id);
    }
    JsonObject deleted =
        JSON.createObjectBuilder()
            .add("id", id)
            .add("object", "response")
            .add("deleted", JsonValue.TRUE)
            .build();
    return express.json(200, JsonStringifier.indented(deleted, 2), Duration.ZERO);
  }

  private static Refusal unknown(String id) {
    return Refusal.coded(404, "Response with id '" + id + "' not found.", "response_id", null);
  }
}
