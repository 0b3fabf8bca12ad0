package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamEvent;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever a model, LM Studio or a caller writes, a frame is an id, an event and one data line. */
class SseInjectionTest {
  private static final String EVIL =
      "\n\nid: 999\nevent: completed\ndata: {}\n\n\r\r: x\r\n\r\nretry: 1\n\u2028\u2029\u0085\0";
  private static final JsonArray CALL =
      Json.createArrayBuilder()
          .add(
              Json.createObjectBuilder()
                  .add("index", 0)
                  .add("id", EVIL)
                  .add(
                      "function",
                      Json.createObjectBuilder().add("name", EVIL).add("arguments", EVIL)))
          .build();

  private final TestRun test = new TestRun(ChatRequest.of(EVIL, EVIL)).open();
  private final FrameWriter frames = Dialect.API.writer(test.run.log());

  @Test
  void textsOfTheModel_areDataOfTheirFrame() {
    test.model(EVIL);
    test.delta(new Delta(EVIL, EVIL, CALL)).reset(EVIL).text(EVIL).complete();
    assertThat(frames()).hasSizeGreaterThan(4).allSatisfy(SseInjectionTest::isOneEvent);
    JsonObject delta = data(frames().get(1));
    assertThat(delta.getString("content")).isEqualTo(EVIL);
    assertThat(delta.getString("reasoning")).isEqualTo(EVIL);
    assertThat(delta.getString("model_id")).isEqualTo(EVIL);
    assertThat(delta.getJsonArray("tool_calls")).isEqualTo(CALL);
  }

  /** The frames of long texts are written piece by piece, by other code. */
  @Test
  void frameInPieces_isTheSame() {
    test.delta(new Delta(EVIL, EVIL, CALL));
    String frame = PiecesTest.whole(frames.pieces(test.run.log().entry(2)));
    isOneEvent(frame);
    assertThat(frame).isEqualTo(frames().get(1));
  }

  @Test
  void snapshot_isOneEvent() {
    test.model(EVIL);
    test.delta(new Delta(EVIL, EVIL, CALL));
    String frame = PiecesTest.whole(frames.pieces(Snapshot.of(test.run.log())));
    isOneEvent(frame);
    assertThat(data(frame).getString("content")).isEqualTo(EVIL);
  }

  @Test
  void errorsAndWarningsOfLmStudio_areDataOfTheirFrame() {
    for (StreamEvent end :
        List.of(
            new StreamEvent.Failed(
                new Failure(
                    "upstream_error", EVIL, EVIL, List.of(), Optional.empty(), Optional.empty())),
            new StreamEvent.Completed(
                EVIL,
                Json.createObjectBuilder().add("x", EVIL).build(),
                Json.createObjectBuilder().add("x", EVIL).build(),
                List.of(EVIL),
                1,
                false))) {
      TestRun ended = new TestRun().open();
      ended.run.log().append(EVIL, end);
      isOneEvent(frame(Dialect.API.writer(ended.run.log()), ended.run.log().entry(2)));
    }
  }

  private List<String> frames() {
    List<String> all = new ArrayList<>();
    for (int cursor = 1; cursor <= test.run.log().lastCursor(); cursor++) {
      all.add(frame(frames, test.run.log().entry(cursor)));
    }
    return all;
  }

  private static String frame(FrameWriter writer, Entry entry) {
    FrameBuffer buffer = new FrameBuffer();
    writer.write(entry, buffer);
    return new String(buffer.array(), 0, buffer.length(), StandardCharsets.UTF_8);
  }

  private static void isOneEvent(String frame) {
    assertThat(frame).matches("id: [0-9]+\nevent: [a-z]+\ndata: \\{[^\n\r\u0000]+}\n\n");
    assertThat(data(frame).getString("stream_id")).isEqualTo(TestRun.ID);
  }

  private static JsonObject data(String frame) {
    String json = frame.substring(frame.indexOf("data: ") + 6).strip();
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return reader.readObject();
    }
  }
}
