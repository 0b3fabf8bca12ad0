package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What LM Studio sent is what is written again: nothing is lost, and nothing is made up. */
class RoundTripTest {
  /** With numbers as their values: 1, 1.0 and 1e0 are the same. */
  static Object valueOf(JsonValue json) {
    return switch (json) {
      case JsonObject object ->
          object.entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, field -> valueOf(field.getValue())));
      case JsonArray array -> array.stream().map(RoundTripTest::valueOf).toList();
      case JsonNumber number -> number.bigDecimalValue().stripTrailingZeros();
      default -> json;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v0-chat-plain.json",
        "v0-chat-tool-conversation.json",
        "v0-chat-tool-missing-required.json",
        "v0-chat-tool-multiple-only-one-returned.json",
        "v0-completions-length.json",
        "v1-chat-json_schema.json",
        "v1-chat-plain-0.4.24.json",
        "v1-chat-tool-0.4.24.json",
        "doc-v0-chat.json",
        "doc-v0-completions.json",
        "doc-chat-tool.json"
      })
  void answer_isWrittenAsItWasRead(String file) {
    JsonObject sent = JsonText.readObject(Recorded.text(file)).orElseThrow();
    Completion read = Completion.of(sent);
    assertThat(read.toJson()).isEqualTo(sent);
    assertThat(Completion.of(read.toJson())).isEqualTo(read);
    // Without what it came from, it still says the same.
    JsonObject form = Json.createObjectBuilder().add("object", sent.get("object")).build();
    assertSays(Completion.of(read.toBuilder().raw(form).build().toJson()), read);
  }

  private static void assertSays(Completion written, Completion read) {
    assertThat(written.content()).isEqualTo(read.content());
    assertThat(written.reasoning()).isEqualTo(read.reasoning());
    assertThat(written.toolCalls()).isEqualTo(read.toolCalls());
    assertThat(written.finishReason()).isEqualTo(read.finishReason());
    assertThat(written.usage()).isEqualTo(read.usage());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void streamedAnswer_isWrittenAndReadAgain(RecordedStream stream) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      String events = Recorded.text(stream.file());
      Completion read = lmStudio.answering(Script.respondWithEvents(events)).chat().answer();
      JsonObject whole = read.toJson();
      assertThat(whole.getString("object")).isEqualTo("chat.completion");
      assertThat(whole.getString("model")).isEqualTo(stream.model());
      assertThat(whole.get("created")).isEqualTo(read.raw().get("created"));
      assertSays(Completion.of(whole), read);
      assertThat(Completion.of(whole).toJson()).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v0-models-list.json", "v0-models-0.4.24.json"})
  void listedModels_areKeptAsTheyWereSent(String file) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      JsonObject sent = JsonText.readObject(Recorded.text(file)).orElseThrow();
      Script unknown = Script.respondWithJson(200, Recorded.text("unknown-route-200.json"));
      lmStudio
          .server
          .enqueue("/v1/models", Script.respondWithJson(200, "{\"data\":[]}"))
          .enqueue("/api/v0/models", Script.respondWithJson(200, sent.toString()))
          .enqueue("/api/v1/models", unknown);
      assertThat(lmStudio.sdk.listModels(ModelFilter.ALL).models())
          .extracting(model -> model.details().raw().get("api/v0/models"))
          .containsExactlyElementsOf(JsonText.objects(sent, "data").toList());
    }
  }

  /** No whole one was recorded: it is of the documented form. */
  @Test
  void embeddings_areWrittenAsTheyWereRead() {
    JsonObject sent = JsonText.readObject(Chunks.vectors("nomic")).orElseThrow();
    EmbeddingAnswer read = EmbeddingAnswer.of(sent);
    assertThat(read.embeddings())
        .containsExactly(Embedding.of(0.25f, 1e-3f), Embedding.of(0.5f, -1));
    assertThat(EmbeddingAnswer.of(read.toJson())).isEqualTo(read);
    assertThat(read.toJson().keySet()).isEqualTo(sent.keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'m','messages':[{'role':'user','content':'Hi'}]}",
        "{'messages':[{'role':'user','content':[{'type':'text','text':'a'}],'name':'x'}],'new':[1]}",
        "{'messages':[{'role':'user','content':'Hi'}],'temperature':0.5,'max_tokens':-1,'ttl':60,"
            + "'stop':['a'],'tools':[{'type':'function','function':{'name':'f','parameters':"
            + "{'type':'object','properties':{}}}}]}",
        "{'messages':[{'role':'assistant','content':'','tool_calls':[{'id':'1','type':'function',"
            + "'function':{'name':'f','arguments':'{}'}}]},"
            + "{'role':'tool','tool_call_id':'1','content':'21'}]}"
      })
  void chatRequest_isWrittenAsItWasRead(String text) {
    JsonObject json = Quoted.json(text);
    ChatRequest read = ChatRequest.of(json);
    assertThat(valueOf(read.toJson())).isEqualTo(valueOf(json));
    assertThat(List.of(read)).containsExactly(ChatRequest.of(read.toJson()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'prompt':'Once'}", "{'model':'m','prompt':'a','suffix':'b','seed':7,'new':{}}"})
  void completionRequest_isWrittenAsItWasRead(String text) {
    JsonObject json = Quoted.json(text);
    assertThat(valueOf(CompletionRequest.of(json).toJson())).isEqualTo(valueOf(json));
  }
}
