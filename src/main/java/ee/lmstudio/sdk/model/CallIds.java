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
 * Gives names to the tool calls of a chat that have none. LM Studio itself sends calls with the id
 * {@code ""}, and refuses a chat that repeats one.
 */
final class CallIds {
  private final Set<String> taken = new HashSet<>();
  private final Deque<String> unanswered = new ArrayDeque<>();
  private int made;

  private CallIds() {}

  /** The same messages; in them every call has an id, and every answer to one names it. */
  static List<Message> filled(List<Message> messages) {
    if (messages.stream().noneMatch(CallIds::lacksOne)) {
      return messages;
    }
    CallIds ids = new CallIds();
    for (Message message : messages) {
      message.toolCalls().forEach(call -> ids.taken.add(call.id()));
    }
    List<Message> all = new ArrayList<>();
    FieldFaults faults = new FieldFaults();
    for (int i = 0; i < messages.size(); i++) {
      all.add(ids.filled(messages.get(i), "messages[" + i + "].tool_call_id", faults));
    }
    faults.throwIfAny();
    return all;
  }

  private static boolean lacksOne(Message message) {
    return message.toolCallId().filter(String::isEmpty).isPresent()
        || message.toolCalls().stream().anyMatch(call -> call.id().isEmpty());
  }

  private Message filled(Message message, String path, FieldFaults faults) {
    if (!lacksOne(message)) {
      return message;
    }
    if (message.json().get("tool_calls") instanceof JsonArray calls) {
      unanswered.clear();
      return message.with("tool_calls", filled(calls));
    }
    if (unanswered.isEmpty()) {
      faults.add(path, "is empty, and no earlier call without an id is left to answer");
      return message;
    }
    return message.with("tool_call_id", JSON.createValue(unanswered.remove()));
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
