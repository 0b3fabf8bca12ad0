package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.ContentParts;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** Converts an answer from and to LM Studio's JSON, and keeps all fields. */
final class CompletionJson {
  private static final String TEXT = "text_completion";
  private static final String CHAT = "chat.completion";

  private CompletionJson() {}

  static Completion read(JsonObject json) {
    JsonObject choice = choice(json);
    JsonObject message = JsonText.object(choice, "message");
    Delta said = said(choice, message);
    ToolCallAssembler assembler = new ToolCallAssembler();
    assembler.add(said.toolCalls());
    List<ToolCall> calls = assembler.calls();
    JsonObject stats = JsonText.object(json, "stats");
    return Completion.builder()
        .model(JsonText.string(json, "model").orElse(""))
        .content(said.content())
        .reasoning(said.reasoning())
        .toolCalls(calls)
        .finishReason(finishReason(choice))
        .usage(Usage.read(JsonText.object(json, "usage")).orElse(new Usage(0, 0, true)))
        .stats(GenerationStats.of(new ServerStats(stats)))
        .logprobs(Optional.of(JsonText.object(choice, "logprobs")).filter(all -> !all.isEmpty()))
        .raw(json)
        .build();
  }

  private static String finishReason(JsonObject choice) {
    return JsonText.string(choice, "finish_reason").filter(r -> !r.isEmpty()).orElse("stop");
  }

  private static JsonObject choice(JsonObject json) {
    return json.get("choices") instanceof JsonArray choices
            && !choices.isEmpty()
            && choices.get(0) instanceof JsonObject choice
        ? choice
        : JsonValue.EMPTY_JSON_OBJECT;
  }

  private static Delta said(JsonObject choice, JsonObject message) {
    Optional<String> text = JsonText.string(choice, "text");
    if (text.isPresent()) {
      return Delta.ofContent(text.get());
    }
    String reasoning =
        JsonText.string(message, "reasoning_content")
            .filter(thought -> !thought.isEmpty())
            .or(() -> JsonText.string(message, "reasoning"))
            .orElse("");
    JsonArrayBuilder all = JSON.createArrayBuilder();
    JsonText.objects(message, "tool_calls").forEach(all::add);
    JsonArray calls = all.build();
    ContentParts parts = ContentParts.of(message.getOrDefault("content", JsonValue.NULL));
    Delta whole = new Delta(parts.text(), reasoning + parts.reasoning(), calls);
    ReasoningSplitter splitter = new ReasoningSplitter();
    Delta split = splitter.split(whole);
    Delta rest = splitter.rest();
    return new Delta(split.content() + rest.content(), split.reasoning() + rest.reasoning(), calls);
  }

  /**
   * Returns the original JSON of an answer that was not streamed and not changed, including {@code
   * <think>}.
   */
  static JsonObject write(Completion answer) {
    JsonObject raw = answer.raw();
    JsonObjectBuilder json = JSON.createObjectBuilder(raw);
    String object = JsonText.string(raw, "object").orElse(CHAT);
    object = object.startsWith(CHAT) ? CHAT : object;
    json.add("object", object).add("model", answer.model());
    if (!saysTheSame(answer)) {
      json.add("choices", JSON.createArrayBuilder().add(choice(answer, object.equals(TEXT))))
          .add("usage", answer.usage().toJson());
    }
    return json.build();
  }

  private static boolean saysTheSame(Completion answer) {
    if (choice(answer.raw()).isEmpty()) {
      return false;
    }
    Completion said = read(answer.raw());
    return answer.finishReason().equals(finishReason(choice(answer.raw())))
        && said.content().equals(answer.content())
        && said.reasoning().equals(answer.reasoning())
        && said.toolCalls().equals(answer.toolCalls())
        && said.logprobs().equals(answer.logprobs())
        && said.usage().equals(answer.usage());
  }

  private static JsonObjectBuilder choice(Completion answer, boolean text) {
    JsonObjectBuilder choice = JSON.createObjectBuilder().add("index", 0);
    if (text) {
      choice.add("text", answer.content());
    } else {
      choice.add("message", message(answer));
    }
    choice.add("logprobs", answer.logprobs().map(JsonValue.class::cast).orElse(JsonValue.NULL));
    return choice.add("finish_reason", answer.finishReason());
  }

  private static JsonObjectBuilder message(Completion answer) {
    JsonObjectBuilder message =
        JSON.createObjectBuilder().add("role", "assistant").add("content", answer.content());
    if (!answer.reasoning().isEmpty()) {
      message.add("reasoning_content", answer.reasoning());
    }
    if (!answer.toolCalls().isEmpty()) {
      JsonArrayBuilder calls = JSON.createArrayBuilder();
      answer.toolCalls().forEach(call -> calls.add(call.toJson()));
      message.add("tool_calls", calls);
    }
    return message;
  }
}
