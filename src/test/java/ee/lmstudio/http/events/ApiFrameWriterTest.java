package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ApiFrameWriterTest {
  private final TestRun test = new TestRun();
  private final FrameWriter frames = Dialect.API.writer(test.run.log());

  private String frame(int cursor) {
    FrameBuffer buffer = new FrameBuffer();
    frames.write(test.run.log().entry(cursor), buffer);
    return text(buffer);
  }

  private static String text(FrameBuffer buffer) {
    return new String(buffer.array(), 0, buffer.length(), StandardCharsets.UTF_8);
  }

  private String four(String model, int cursor) {
    return "{\"stream_id\":\"%s\",\"model_id\":%s,\"prompt_hash\":\"%s\",\"cursor\":%d"
        .formatted(TestRun.ID, model, test.run.head().promptHash(), cursor);
  }

  @Test
  void delta_isIdEventData() {
    test.open().text("tok\n\"");
    assertThat(frame(2))
        .isEqualTo(
            "id: 2\nevent: delta\ndata: "
                + four("\"asked\"", 2)
                + ",\"content\":\"tok\\n\\\"\"}\n\n");
  }

  @Test
  void delta_hasOnlyWhatItBrings() {
    JsonArray calls =
        Json.createArrayBuilder().add(Json.createObjectBuilder().add("index", 0)).build();
    test.open().delta(new Delta("", "hm", JsonValue.EMPTY_JSON_ARRAY));
    test.delta(new Delta("", "", calls));
    assertThat(frame(2)).endsWith("\"cursor\":2,\"reasoning\":\"hm\"}\n\n");
    assertThat(frame(3)).endsWith("\"cursor\":3,\"tool_calls\":[{\"index\":0}]}\n\n");
  }

  @Test
  void otherEvents_haveTheirFieldsBehindTheFour() {
    test.open().complete();
    Entry started = test.run.log().entry(1);
    String fields = EventFields.of(started.event()).toString().substring(1);
    assertThat(frame(1))
        .isEqualTo("id: 1\nevent: started\ndata: " + four("\"asked\"", 1) + "," + fields + "\n\n");
    assertThat(frame(2)).startsWith("id: 2\nevent: completed\ndata: {\"stream_id\":");
  }

  @Test
  void model_isWhoAnswersAsSoonAsKnown() {
    test.open().model("a \"b\"").text("x").model("c").text("y");
    assertThat(frame(1)).contains("\"model_id\":\"asked\"");
    assertThat(frame(2)).contains("\"model_id\":\"a \\\"b\\\"\"");
    assertThat(frame(3)).contains("\"model_id\":\"c\"");
    assertThat(frame(2)).as("again, for another listener").contains("\"model_id\":\"a \\\"b");
  }

  @Test
  void noModelNamed_isNull() {
    TestRun unnamed = new TestRun(ChatRequest.of("Hello")).open();
    FrameBuffer buffer = new FrameBuffer();
    Dialect.API.writer(unnamed.run.log()).write(unnamed.run.log().entry(1), buffer);
    assertThat(text(buffer)).contains("\"model_id\":null,", "\"model_requested\":null");
  }

  @Test
  void snapshot_isTheStateAtItsCursor() {
    test.open().text("so far");
    Snapshot snapshot = Snapshot.of(test.run.log());
    assertThat(PiecesTest.whole(frames.pieces(snapshot)))
        .isEqualTo(
            "id: 2\nevent: snapshot\ndata: "
                + PiecesTest.whole(EventFields.state(test.run.log(), snapshot))
                + "\n\n");
  }
}
