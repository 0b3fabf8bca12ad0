package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeChatTest {

  private static SimulatorReply ask(Asking asking, String model, String moreFields) {
    return asking.post(
        "/api/v1/chat", "{\"model\":\"%s\",\"input\":\"hi\"%s}".formatted(model, moreFields));
  }

  private static List<NamedEvents> stream(Asking asking, String model) {
    return NamedEvents.of(ask(asking, model, ",\"stream\":true"));
  }

  @Test
  void streamThatLoadsTheModel_hasTheRecordedOrder() throws IOException {
    List<NamedEvents> events = stream(Asking.byDefault(), "sim-reasoner");
    List<NamedEvents> recorded =
        NamedEvents.of(Recordings.text("v1-native-stream-with-model-load-live.sse"));
    assertThat(events.getFirst().name()).isEqualTo("chat.start");
    assertThat(NamedEvents.names(events.subList(1, events.size())))
        .isEqualTo(NamedEvents.names(recorded));
    assertSameFields(events, recorded);
    JsonObject result = events.getLast().data().getJsonObject("result");
    assertThat(result.getJsonObject("stats").keySet())
        .containsExactlyElementsOf(
            recorded.getLast().data().getJsonObject("result").getJsonObject("stats").keySet());
  }

  @Test
  void streamOfALoadedModel_hasTheRecordedOrder() throws IOException {
    Asking asking = Asking.byDefault().wantingText("PONG");
    ask(asking, "sim-reasoner", "");
    SimulatorReply reply =
        asking.at(
            Asking.NOW.plusSeconds(2),
            "POST",
            "/api/v1/chat",
            "{\"model\":\"sim-reasoner\",\"input\":\"hi\",\"stream\":true,\"store\":false}");
    List<NamedEvents> recorded =
        NamedEvents.of(Recordings.text("v1-native-chat-stream-2026-05-27-probe.sse"));
    assertThat(NamedEvents.names(NamedEvents.of(reply))).isEqualTo(NamedEvents.names(recorded));
    assertSameFields(NamedEvents.of(reply), recorded);
  }

  /** The recordings leave out fields of {@code chat.end}. */
  private static void assertSameFields(List<NamedEvents> events, List<NamedEvents> recorded) {
    for (NamedEvents event : recorded) {
      assertThat(events)
          .filteredOn(one -> one.name().equals(event.name()))
          .isNotEmpty()
          .allSatisfy(one -> assertThat(one.data().keySet()).isEqualTo(event.data().keySet()));
    }
  }

  @Test
  void everyEvent_isDocumented() throws IOException {
    Set<String> documented =
        NamedEvents.of(Recordings.text("doc-v1-chat-stream-event-examples.sse")).stream()
            .map(NamedEvents::name)
            .collect(Collectors.toSet());
    assertThat(stream(Asking.byDefault(), "sim-reasoner"))
        .allSatisfy(event -> assertThat(documented).contains(event.name()))
        .allSatisfy(event -> assertThat(event.data().getString("type")).isEqualTo(event.name()));
  }

  @Test
  void progressOfLoading_isSentWhileTheModelLoads() {
    SimulatorReply reply = ask(Asking.byDefault(), "sim-slow", ",\"stream\":true");
    assertThat(reply.headAt()).isEqualTo(Duration.ZERO);
    assertThat(reply.frames().subList(1, 6))
        .extracting(Frame::at)
        .containsExactly(
            Duration.ZERO,
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(6),
            Duration.ofSeconds(8));
  }

  @Test
  void wholeAnswer_equalsTheResultOfTheStream() throws IOException {
    JsonObject whole = Asking.json(ask(Asking.byDefault(), "sim-chat", ""));
    JsonObject documented = Asking.parsed(Recordings.text("doc-v1-chat-image.json"));
    assertThat(whole.keySet()).containsExactlyElementsOf(documented.keySet());
    assertThat(whole.getJsonObject("stats").keySet())
        .containsExactlyElementsOf(documented.getJsonObject("stats").keySet());
    assertThat(whole.getString("response_id"))
        .hasSameSizeAs(documented.getString("response_id"))
        .startsWith("resp_");
    assertThat(stream(Asking.byDefault(), "sim-chat").getLast().data().getJsonObject("result"))
        .isEqualTo(whole);
  }

  @Test
  void chat_isContinuedByItsResponseIdUnlessItIsNotStored() {
    Asking asking = Asking.byDefault();
    JsonObject first = Asking.json(ask(asking, "sim-chat", ""));
    String previous = ",\"previous_response_id\":\"" + first.getString("response_id") + "\"";
    JsonObject second = Asking.json(ask(asking, "sim-chat", previous));
    assertThat(second.getJsonObject("stats").getInt("input_tokens"))
        .isGreaterThan(first.getJsonObject("stats").getInt("input_tokens"));
    assertThat(Asking.json(ask(asking, "sim-chat", ",\"store\":false")))
        .doesNotContainKey("response_id");
  }

  @Test
  void inputItems_areTextAndImages() {
    SimulatorReply reply =
        Asking.byDefault()
            .post(
                "/api/v1/chat",
                """
                {"model":"sim-chat","input":[{"type":"text","content":"What"},
                {"type":"message","content":"is it?"},
                {"type":"image","data_url":"data:image/png;base64,iVBORw0KGgo="}]}\
                """);
    assertThat(Asking.json(reply).getJsonObject("stats").getInt("input_tokens")).isGreaterThan(256);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"input\":\"hi\"} | model | missing_required_parameter",
        "{\"model\":\"sim-chat\"} | input | missing_required_parameter",
        "{\"model\":\"sim-chat\",\"input\":\"hi\",\"reasoning\":\"minimal\"} | reasoning |"
            + " invalid_value"
      })
  void requestThatIsWrong_isRefusedInTheFormOfV1(String body, String param, String code)
      throws IOException {
    SimulatorReply reply = Asking.byDefault().post("/api/v1/chat", body);
    JsonObject error = Asking.json(reply).getJsonObject("error");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(error.getString("param")).isEqualTo(param);
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(error.getString("type")).isEqualTo("invalid_request");
  }

  @Test
  void reasoningThatIsOff_isLeftOut() {
    JsonObject whole =
        Asking.json(ask(Asking.byDefault(), "sim-reasoner", ",\"reasoning\":\"off\""));
    assertThat(whole.getJsonArray("output")).hasSize(1);
  }

  @Test
  void promptThatIsTooLong_isAnErrorEventBeforeTheEnd() {
    SimulatorReply reply =
        Asking.byDefault()
            .post(
                "/api/v1/chat",
                "{\"model\":\"sim-slow\",\"stream\":true,\"input\":\"%s\"}"
                    .formatted("word ".repeat(9_000)));
    assertThat(NamedEvents.names(NamedEvents.of(reply)))
        .containsExactly(
            "chat.start",
            "model_load.start",
            "model_load.progress",
            "model_load.end",
            "error",
            "chat.end");
  }
}
