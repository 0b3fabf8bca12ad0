package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each answer is byte for byte the recording, except for names, numbers and texts. */
class RecordingsTest {
  private static final String WEATHER_TOOL =
      """
      ,"tools":[{"type":"function","function":{"name":"%s","parameters":{"type":"object",
      "properties":%s}}}]\
      """;

  /** Removes the parts that differ from run to run. */
  private static String levelled(String stream) {
    return stream
        .replaceAll("chatcmpl-\\w+", "ID")
        .replaceAll("\"created\":\\d+", "\"created\":0")
        .replaceAll("\"(model|system_fingerprint)\":\"[^\"]+\"", "\"$1\":\"M\"")
        .replaceAll("\"id\":\"\\d{9}\"", "\"id\":\"9\"")
        .replaceAll("_tokens\":\\d+", "_tokens\":0");
  }

  /** Returns the names in their order and the kinds of the values, without the values. */
  private static String shape(JsonValue value) {
    return switch (value) {
      case JsonObject object ->
          object.entrySet().stream()
              .map(member -> member.getKey() + ":" + shape(member.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case JsonArray array ->
          array.stream()
              .map(RecordingsTest::shape)
              .distinct()
              .collect(Collectors.joining(",", "[", "]"));
      default -> value.getValueType().toString();
    };
  }

  private static void assertSameShape(SimulatorReply reply, String recording) throws IOException {
    assertThat(shape(Asking.json(reply)))
        .isEqualTo(shape(Asking.parsed(Recordings.text(recording))));
  }

  @Test
  void plainStream_isByteForByteTheRecording() throws IOException {
    SimulatorReply reply =
        Asking.byDefault()
            .wantingText("Hello there, how are you?")
            .chat("hi", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertThat(levelled(Asking.body(reply)))
        .isEqualTo(levelled(Recordings.text("v1-stream-plain-include_usage-0.4.24.sse")));
  }

  @Test
  void toolStreamAfterReasoning_endsByteForByteAsTheRecording() throws IOException {
    String tool = WEATHER_TOOL.formatted("get_weather", "{\"city\":{\"type\":\"string\"}}");
    SimulatorReply reply =
        Asking.byDefault()
            .chat(
                "What is the weather in Paris?",
                ",\"model\":\"sim-reasoner\",\"stream\":true,"
                    + "\"stream_options\":{\"include_usage\":true}"
                    + tool);
    String recorded = levelled(Recordings.text("v1-stream-tool-single-0.4.24-ABRIDGED.sse"));
    String answered = levelled(Asking.body(reply));
    String call = "\"delta\":{\"tool_calls\"";
    assertThat(answered.substring(answered.indexOf(call)))
        .isEqualTo(recorded.substring(recorded.indexOf(call)));
    assertThat(
            answered.lines().findFirst().orElseThrow().replaceAll("_content\":\"[^\"]*", "_c\":\""))
        .isEqualTo(
            recorded
                .lines()
                .findFirst()
                .orElseThrow()
                .replaceAll("_content\":\"[^\"]*", "_c\":\""));
  }

  @Test
  void toolStreamOf0313_hasEmptyNamesAndStops() throws IOException {
    String tool =
        WEATHER_TOOL.formatted(
            "get_current_weather",
            "{\"location\":{\"type\":\"string\"},\"unit\":{\"enum\":[\"celsius\"]}}");
    SimulatorReply reply =
        Asking.version("0.3.13")
            .post(
                "/api/v0/chat/completions",
                Asking.chatBody("What is the weather in London?", ",\"stream\":true" + tool));
    assertThat(distinctEvents(Asking.body(reply)))
        .isEqualTo(distinctEvents(Recordings.text("v0-stream-tool-0.3.13.sse")));
  }

  /**
   * Returns the events without the text of the arguments, which is split differently; no repeats.
   */
  private static String distinctEvents(String stream) {
    return levelled(stream)
        .replaceAll("\"arguments\":\"(\\\\.|[^\"\\\\])+\"", "\"arguments\":\"A\"")
        .lines()
        .filter(line -> !line.isEmpty())
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  @Test
  void plainChat_hasTheShapeOfItsVersion() throws IOException {
    assertSameShape(Asking.byDefault().chat("hi", ""), "v1-chat-plain-0.4.24.json");
    assertSameShape(
        Asking.version("0.3.13").post("/api/v0/chat/completions", Asking.chatBody("hi", "")),
        "v0-chat-plain.json");
    assertSameShape(
        Asking.byDefault()
            .chat(
                "hi",
                ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}"),
        "v1-chat-json_schema.json");
  }

  @Test
  void plainToolCall_hasTheShapeOfItsVersion() throws IOException {
    String tool = WEATHER_TOOL.formatted("get_weather", "{\"city\":{\"type\":\"string\"}}");
    assertSameShape(
        Asking.byDefault().chat("The weather in Paris?", tool), "v1-chat-tool-0.4.24.json");
    assertSameShape(
        Asking.version("0.3.13")
            .post("/api/v0/chat/completions", Asking.chatBody("The weather in Paris?", tool)),
        "v0-chat-tool-multiple-only-one-returned.json");
    assertSameShape(
        Asking.version("0.3.30").chat("The weather in Paris?", tool), "doc-chat-tool.json");
  }

  @Test
  void plainCompletion_hasTheShapeOfTheRecording() throws IOException {
    assertSameShape(
        Asking.version("0.3.13")
            .post("/api/v0/completions", "{\"prompt\":\"Life is\",\"max_tokens\":9}"),
        "v0-completions-length.json");
  }

  @Test
  void refusals_areByteForByteTheRecordings() throws IOException {
    String recorded = Recordings.text("err-400-model_not_found-chat.http.txt");
    String body = recorded.substring(recorded.indexOf('{'));
    SimulatorReply reply = Asking.byDefault().chat("hi", ",\"model\":\"not-a-model\"");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.body(reply))
        .isEqualTo(body.replaceAll("e\\.g\\., .*?\\)", "e.g., sim-chat, sim-reasoner, sim-slow)"));
    assertThat(recorded).contains("ETag: " + Express.etag(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void unknownRoute_isByteForByteTheRecording() throws IOException {
    String recorded = Recordings.text("unknown-route-200.http.txt");
    SimulatorReply reply = Asking.byDefault().post("/chat/completions", "{}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(recorded).endsWith(Asking.body(reply) + "\n");
    reply.headers().forEach((name, value) -> assertThat(recorded).contains(name + ": " + value));
    assertThat(reply.headers())
        .containsOnlyKeys("X-Powered-By", "Content-Type", "Content-Length", "ETag");
  }

  @Test
  void modelsAndGreeting_haveTheShapeOfTheRecordings() throws IOException {
    Asking asking = Asking.byDefault();
    assertThat(Asking.body(asking.get("/lmstudio-greeting")))
        .isEqualTo(Recordings.text("greeting.json"));
    JsonObject recorded = Asking.parsed(Recordings.text("v0-models-0.4.24.json"));
    JsonObject listed = Asking.json(asking.get("/api/v0/models"));
    assertThat(listed.keySet()).containsExactlyElementsOf(recorded.keySet());
    assertThat(shape(listed.getJsonArray("data").getJsonObject(1)))
        .isEqualTo(shape(recorded.getJsonArray("data").getJsonObject(0)));
    assertThat(shape(listed.getJsonArray("data").getJsonObject(3)))
        .isEqualTo(shape(recorded.getJsonArray("data").getJsonObject(2)));
  }
}
