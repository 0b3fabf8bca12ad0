package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import ee.lmstudio.stream.Cursor;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Joins the chunks of a stream that completed to one answer in OpenAI's format. Texts are joined,
 * whatever their names, so that fields which this server does not know are in the answer, too.
 */
final class OpenAiAnswer {
  /** Fields of a chunk that the answer has in another form. */
  private static final Set<String> OF_CHUNK = Set.of("object", "choices", "usage");

  private final StreamLog log;
  private final boolean chat;
  private final Map<String, JsonValue> fields = new LinkedHashMap<>();
  private final Map<Long, Choice> choices = new TreeMap<>();
  private JsonObject usage;

  private OpenAiAnswer(StreamLog log) {
    this.log = log;
    this.chat = log.head().content().kind() == StreamContent.Kind.CHAT;
  }

  /** Returns the answer of a log whose last entry says that it completed. */
  static JsonObject of(StreamLog log) {
    OpenAiAnswer answer = new OpenAiAnswer(log);
    String model = "";
    StreamEvent.Completed completed = null;
    try (Cursor cursor = Cursor.open(log)) {
      for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
        answer.add(entry);
        model = entry.modelId() == null ? "" : entry.modelId();
        completed = entry.event() instanceof StreamEvent.Completed end ? end : null;
      }
    }
    return answer.build(model, completed);
  }

  private void add(Entry entry) {
    entry.json().forEach(json -> JsonText.readObject(json).ifPresent(this::chunk));
    if (entry.event() instanceof StreamEvent.Reset) {
      fields.clear();
      choices.clear();
    } else if (entry.event() instanceof StreamEvent.Piece(Delta delta)
        && entry.json().isEmpty()
        && new OpenAiChunks(log).isMadeHere(entry)) {
      Choice only = choices.computeIfAbsent(0L, index -> new Choice());
      only.text(chat ? "content" : "text", delta.content());
      only.text("reasoning_content", delta.reasoning());
      only.calls.add(delta.toolCalls());
    }
  }

  private void chunk(JsonObject chunk) {
    chunk.forEach(
        (name, value) -> {
          if (!OF_CHUNK.contains(name) && value != JsonValue.NULL) {
            fields.put(name, value);
          }
        });
    usage = chunk.get("usage") instanceof JsonObject counted ? counted : usage;
    JsonText.objects(chunk, "choices")
        .forEach(
            choice ->
                choices
                    .computeIfAbsent(
                        JsonText.whole(choice, "index").orElse(0), index -> new Choice())
                    .add(choice));
  }

  private JsonObject build(String model, StreamEvent.Completed completed) {
    OpenAiChunks chunks = new OpenAiChunks(log);
    JsonObjectBuilder answer = JSON.createObjectBuilder().add("id", chunks.id());
    answer.add("object", chat ? "chat.completion" : "text_completion");
    answer.add("created", chunks.created()).add("model", model);
    fields.forEach(answer::add);
    choices.computeIfAbsent(0L, index -> new Choice()).finishReason =
        JsonText.JSON.createValue(completed.finishReason());
    JsonArrayBuilder all = JSON.createArrayBuilder();
    choices.forEach((index, choice) -> all.add(choice.build(index)));
    return answer
        .add("choices", all)
        .add("usage", usage == null ? completed.usage() : usage)
        .build();
  }

  /** One choice: its texts, and the last value of every other field. */
  private final class Choice {
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, JsonValue> others = new LinkedHashMap<>();
    private final ToolCallAssembler calls = new ToolCallAssembler();
    private final Map<String, JsonArrayBuilder> logprobs = new LinkedHashMap<>();
    private JsonValue finishReason = JsonValue.NULL;

    void text(String name, String text) {
      if (!text.isEmpty()) {
        texts.computeIfAbsent(name, first -> new StringBuilder()).append(text);
      }
    }

    void add(JsonObject choice) {
      JsonObject message = chat ? JsonText.object(choice, "delta") : choice;
      message.forEach(this::add);
      JsonText.object(choice, "logprobs")
          .forEach(
              (name, value) -> {
                if (value instanceof JsonArray list) {
                  JsonArrayBuilder joined =
                      logprobs.computeIfAbsent(name, first -> JSON.createArrayBuilder());
                  list.forEach(joined::add);
                }
              });
      if (choice.get("finish_reason") instanceof JsonString reason) {
        finishReason = reason;
      }
    }

    private void add(String name, JsonValue value) {
      switch (name) {
        case "role", "index", "finish_reason", "logprobs" -> {
          // The answer has these from elsewhere.
        }
        case "tool_calls" -> {
          if (value instanceof JsonArray fragments) {
            calls.add(fragments);
          }
        }
        default -> {
          if (value instanceof JsonString text) {
            texts.computeIfAbsent(name, first -> new StringBuilder()).append(text.getString());
          } else if (value != JsonValue.NULL) {
            others.put(name, value);
          }
        }
      }
    }

    private JsonObject build(long index) {
      JsonObjectBuilder choice = JSON.createObjectBuilder().add("index", index);
      if (chat) {
        choice.add("message", message());
      } else {
        choice.add("text", texts.getOrDefault("text", new StringBuilder()).toString());
      }
      JsonObjectBuilder lists = JSON.createObjectBuilder();
      logprobs.forEach(lists::add);
      choice.add("logprobs", logprobs.isEmpty() ? JsonValue.NULL : lists.build());
      return choice.add("finish_reason", finishReason).build();
    }

    private JsonObjectBuilder message() {
      JsonObjectBuilder message = JSON.createObjectBuilder().add("role", "assistant");
      message.add("content", "");
      texts.forEach((name, text) -> message.add(name, text.toString()));
      others.forEach(message::add);
      if (!calls.calls().isEmpty()) {
        JsonArrayBuilder all = JSON.createArrayBuilder();
        calls.calls().forEach(call -> all.add(call.toJson()));
        message.add("tool_calls", all);
      }
      return message;
    }
  }
}
