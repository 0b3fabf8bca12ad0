package ee.lmstudio.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamContent.Kind;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.memory.MemoryStreamLog;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which chunks an entry of a log has in OpenAI's format. */
class OpenAiChunksTest {
  private static final Instant STARTED = Instant.ofEpochSecond(1_760_000_000);
  private static final JsonObject USAGE = Json.createObjectBuilder().add("total_tokens", 3).build();

  private MemoryStreamLog log = log(Kind.CHAT, false);

  private static MemoryStreamLog log(Kind kind, boolean usage) {
    return new MemoryStreamLog(
        new StreamHead(
            "ab".repeat(16),
            "alice",
            "",
            Optional.empty(),
            STARTED,
            new StreamContent(kind, usage)));
  }

  private void text(String text, String... chunks) {
    append(new StreamEvent.Piece(Delta.ofContent(text)), chunks);
  }

  private void end(String reason, String... chunks) {
    append(
        new StreamEvent.Completed(reason, USAGE, JsonValue.EMPTY_JSON_OBJECT, List.of(), 1, false),
        chunks);
  }

  private void append(StreamEvent event, String... chunks) {
    log.append("m", event, chunks.length == 0 ? Chunks.NONE : new Chunks(List.of(chunks), null));
  }

  private List<String> chunks() {
    List<String> all = new ArrayList<>();
    OpenAiChunks chunks = new OpenAiChunks(log);
    for (long cursor = 1; cursor <= log.lastCursor(); cursor++) {
      all.addAll(chunks.of(log.entry(cursor)));
    }
    return all;
  }

  private static JsonObject json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  private static JsonObject choice(String chunk) {
    return json(chunk).getJsonArray("choices").getJsonObject(0);
  }

  private static String chunk(String delta, String finish) {
    return "{\"id\":\"c1\",\"created\":7,\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}"
        .formatted(delta, finish);
  }

  @Test
  void chunks_areTakenAsTheyAre() {
    text("a", " " + chunk("{\"content\":\"a\"}", "null"));
    end("stop", chunk("{}", "\"stop\""));
    assertThat(chunks())
        .containsExactly(" " + chunk("{\"content\":\"a\"}", "null"), chunk("{}", "\"stop\""));
  }

  /** Text that was held back, such as a part of {@code <think>}, was in an earlier chunk. */
  @Test
  void textWithoutChunks_isNotRepeated() {
    text("a", chunk("{\"content\":\"a<th\"}", "null"));
    text("<th");
    end("stop", chunk("{}", "\"stop\""));
    assertThat(chunks()).hasSize(2);
  }

  @Test
  void answerThatCameWhole_getsChunksOfItsOwn() {
    append(new StreamEvent.Downgraded(new Downgrade("not_streamed", 1)));
    JsonArray call =
        Json.createArrayBuilder().add(Json.createObjectBuilder().add("index", 0)).build();
    append(new StreamEvent.Piece(new Delta("text", "thought", call)));
    end("tool_calls");

    List<String> chunks = chunks();
    assertThat(chunks).hasSize(2);
    JsonObject first = json(chunks.get(0));
    assertThat(first.getString("id")).isEqualTo("chatcmpl-" + "ab".repeat(16));
    assertThat(first.getString("object")).isEqualTo("chat.completion.chunk");
    assertThat(first.getInt("created")).isEqualTo(1_760_000_000);
    assertThat(first.getString("model")).isEqualTo("m");
    JsonObject delta = choice(chunks.get(0)).getJsonObject("delta");
    assertThat(delta.getString("content")).isEqualTo("text");
    assertThat(delta.getString("reasoning_content")).isEqualTo("thought");
    assertThat(delta.getJsonArray("tool_calls")).isEqualTo(call);
    assertThat(choice(chunks.get(1)).getString("finish_reason")).isEqualTo("tool_calls");
  }

  @Test
  void completionThatCameWhole_hasTexts() {
    log = log(Kind.COMPLETION, false);
    append(new StreamEvent.Downgraded(new Downgrade("break", 2)));
    text("one");
    end("length");

    assertThat(chunks()).hasSize(2).allSatisfy(c -> assertThat(c).contains("text_completion"));
    assertThat(choice(chunks().get(0)).getString("text")).isEqualTo("one");
    assertThat(choice(chunks().get(1)).getString("finish_reason")).isEqualTo("length");
  }

  /** Some servers end with [DONE] alone; OpenAI's helpers need a finish reason. */
  @Test
  void missingFinishReason_isAdded() {
    text("a", chunk("{\"content\":\"a\"}", "null"));
    end("stop");
    List<String> chunks = chunks();
    assertThat(choice(chunks.get(1)).getString("finish_reason")).isEqualTo("stop");
    assertThat(json(chunks.get(1)).getString("id")).as("LM Studio's").isEqualTo("c1");
    assertThat(json(chunks.get(1)).getInt("created")).isEqualTo(7);
  }

  @Test
  void finishReasonBesideTheLastText_isEnough() {
    text("a", chunk("{\"content\":\"a\"}", "\"stop\""));
    end("stop");
    assertThat(chunks()).hasSize(1);
  }

  @Test
  void usageChunk_isThereOnlyIfItWasAskedFor() {
    String usage = "{\"choices\":[],\"usage\":{\"total_tokens\":9}}";
    end("stop", chunk("{}", "\"stop\""), usage);
    assertThat(chunks()).containsExactly(chunk("{}", "\"stop\""));

    log = log(Kind.CHAT, true);
    end("stop", chunk("{}", "\"stop\""), usage);
    assertThat(chunks()).containsExactly(chunk("{}", "\"stop\""), usage);

    log = log(Kind.CHAT, true);
    end("stop", chunk("{}", "\"stop\""));
    assertThat(json(chunks().getLast()).getJsonObject("usage")).isEqualTo(USAGE);
  }

  @Test
  void fragmentsOfToolCalls_getTheIndexOfTheirCall() {
    JsonArray placed =
        Json.createArrayBuilder()
            .add(Json.createObjectBuilder().add("index", 1).add("id", "b"))
            .build();
    append(
        new StreamEvent.Piece(new Delta("", "", placed)),
        chunk("{\"tool_calls\":[{\"id\":\"b\"}],\"x\":1}", "null"));
    JsonObject delta = choice(chunks().get(0)).getJsonObject("delta");
    assertThat(delta.getJsonArray("tool_calls")).isEqualTo(placed);
    assertThat(delta.getInt("x")).isEqualTo(1);
  }

  @Test
  void joinedAnswer_hasEveryChoiceAndEveryField() {
    text(
        "a",
        "{\"id\":\"c1\",\"x_vendor\":7,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\","
            + "\"refusal\":null,\"y\":\"1\"},\"logprobs\":{\"content\":[1]}}]}");
    text(
        "b",
        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"z\"},\"finish_reason\":\"length\"}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\",\"y\":\"2\"},"
            + "\"logprobs\":{\"content\":[2]}}]}");
    end("stop", "{\"choices\":[],\"usage\":{\"total_tokens\":9}}");

    JsonObject answer = OpenAiAnswer.of(log);

    assertThat(answer.getInt("x_vendor")).isEqualTo(7);
    assertThat(answer.getString("object")).isEqualTo("chat.completion");
    JsonArray choices = answer.getJsonArray("choices");
    JsonObject message = choices.getJsonObject(0).getJsonObject("message");
    assertThat(message.getString("content")).isEqualTo("ab");
    assertThat(message.getString("y")).isEqualTo("12");
    assertThat(choices.getJsonObject(0).getString("finish_reason")).isEqualTo("stop");
    assertThat(choices.getJsonObject(0).getJsonObject("logprobs").getJsonArray("content"))
        .hasToString("[1,2]");
    assertThat(choices.getJsonObject(1).getString("finish_reason")).isEqualTo("length");
    assertThat(answer.getJsonObject("usage").getInt("total_tokens")).isEqualTo(9);
    assertThat(answer.getInt("created")).isEqualTo(1_760_000_000);
  }
}
