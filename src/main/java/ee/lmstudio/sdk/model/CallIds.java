package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives an id to each tool call of a chat that has none. LM Studio itself sends calls with the id
 * {@code ""}, and refuses a chat that contains such a call.
 */
final class CallIds {
  private final Set<String> taken = new HashSet<>();
  private final Deque<String> unanswered = new ArrayDeque<>();
  private int made;

  private CallIds() {}

  /**
   * Returns the same messages with an id in every tool call and in every tool message. A tool
   * message with an empty id stays as it is if no call is left for it.
   */
  static List<Message> filled(List<Message> messages) {
    if (messages.stream().noneMatch(CallIds::lacksOne)) {
      return messages;
    }
    CallIds ids = new CallIds();
    for (Message message : messages) {
      message.toolCalls().forEach(call -> ids.taken.add(call.id()));
    }
    List<Message> all = new ArrayList<>();
    messages.forEach(message -> all.add(ids.filled(message)));
    return all;
  }

  private static boolean lacksOne(Message message) {
    return message.toolCallId().filter(String::isEmpty).isPresent()
        || message.toolCalls().stream().anyMatch(call -> call.id().isEmpty());
  }

  private Message filled(Message message) {
    if (!lacksOne(message)) {
      return message;
    }
    if (message.json().get("tool_calls") instanceof JsonArray calls) {
      unanswered.clear();
      return message.with("tool_calls", filled(calls));
    }
    return unanswered.isEmpty()
        ? message
        : message.with("tool_call_id", JSON.createValue(unanswered.remove()));
  }

  private JsonArray filled(JsonArray calls) {
    JsonArrayBuilder all = JSON.createArrayBuilder();
    for (int i = 0; i < calls.size(); i++) {
      var call = calls.getJsonObject(i);
      if (ToolCall.of(call).id().isEmpty()) {
        String id = newId();
        unanswered.add(id);
        call = JSON.createObjectBuilder(call).add("id", id).build();
      }
      all.add(call);
    }
    return all.build();
  }

  private String newId() {
    String id;
    do {
      id = "call_" + made++;
    } while (!taken.add(id));
    return id;
  }
}
