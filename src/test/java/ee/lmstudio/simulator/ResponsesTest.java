package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ResponsesTest {
  private static final String TOOL =
      """
      ,"tools":[{"type":"function","name":"get_weather","parameters":{"type":"object",
      "properties":{"city":{"type":"string"}}}}]\
      """;

  private static SimulatorReply ask(Asking asking, String input, String moreFields) {
    return asking.post("/v1/responses", "{\"input\":\"" + input + "\"" + moreFields + "}");
  }

  private static String text(JsonObject response) {
    return response.getJsonArray("output").stream()
        .map(item -> item.asJsonObject())
        .filter(item -> item.getString("type").equals("message"))
        .map(item -> item.getJsonArray("content").getJsonObject(0).getString("text"))
        .collect(Collectors.joining());
  }

  @Test
  void plainResponse_isTheRecordingButForItsIdsAndNumbers() throws IOException {
    SimulatorReply reply =
        Asking.byDefault()
            .wantingText("hi")
            .post("/v1/responses", "{\"input\":\"Say hi\",\"top_p\":0.8,\"temperature\":0}");
    assertThat(levelled(Asking.json(reply).toString()))
        .isEqualTo(levelled(Asking.parsed(Recordings.text("v1-responses-plain.json")).toString()));
  }

  private static String levelled(String json) {
    return json.replaceAll("\"(resp|msg)_\\w+\"", "\"$1\"")
        .replaceAll("\"(\\w+_at|\\w+_tokens)\":\\d+", "\"$1\":0")
        .replaceAll("\"model\":\"[^\"]+\"", "\"model\":\"M\"");
  }

  @Test
  void topPThatTheRequestDoesNotHave_isFalseAsRecorded() {
    assertThat(Asking.json(ask(Asking.byDefault(), "hi", "")).getBoolean("top_p")).isFalse();
  }

  @Test
  void stream_hasOpenAisEventsInOrderAndTheWholeResponseAtTheEnd() {
    Asking asking = Asking.byDefault().wantingText("Hello there");
    List<NamedEvents> events =
        NamedEvents.of(ask(asking, "hi", ",\"model\":\"sim-reasoner\",\"stream\":true"));
    assertThat(NamedEvents.names(events))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.reasoning_text.delta",
            "response.reasoning_text.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).data().getString("type")).isEqualTo(events.get(i).name());
      assertThat(events.get(i).data().getInt("sequence_number")).isEqualTo(i);
    }
    String joined =
        events.stream()
            .filter(event -> event.name().equals("response.output_text.delta"))
            .map(event -> event.data().getString("delta"))
            .collect(Collectors.joining());
    JsonObject response = events.getLast().data().getJsonObject("response");
    assertThat(joined).isEqualTo("Hello there").isEqualTo(text(response));
    assertThat(response.getString("status")).isEqualTo("completed");
  }

  @Test
  void toolCall_isAnItemWhoseResultContinuesTheConversation() {
    Asking asking = Asking.byDefault();
    SimulatorReply streamed = ask(asking, "The weather in Paris?", TOOL + ",\"stream\":true");
    JsonObject response = NamedEvents.of(streamed).getLast().data().getJsonObject("response");
    JsonObject call = response.getJsonArray("output").getJsonObject(0);
    assertThat(call.getString("type")).isEqualTo("function_call");
    assertThat(Asking.parsed(call.getString("arguments")).getString("city")).isEqualTo("Paris");
    SimulatorReply next =
        asking.post(
            "/v1/responses",
            "{\"previous_response_id\":\"%s\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":\"21 °C\"}]%s}"
                .formatted(response.getString("id"), call.getString("call_id"), TOOL));
    assertThat(text(Asking.json(next))).contains("21 °C");
  }

  @Test
  void previousResponse_isPartOfThePrompt() {
    Asking asking = Asking.byDefault();
    JsonObject first = Asking.json(ask(asking, "My favourite colour is blue", ""));
    JsonObject next =
        Asking.json(
            ask(asking, "And?", ",\"previous_response_id\":\"" + first.getString("id") + "\""));
    JsonObject fresh = Asking.json(ask(asking, "And?", ""));
    assertThat(next.getString("previous_response_id")).isEqualTo(first.getString("id"));
    assertThat(next.getJsonObject("usage").getInt("input_tokens"))
        .isGreaterThan(fresh.getJsonObject("usage").getInt("input_tokens"));
  }

  @Test
  void instructions_areNotPartOfTheContinuedConversation() {
    Asking asking = Asking.byDefault().wantingText("a");
    String long20 = "word ".repeat(20);
    JsonObject with = Asking.json(ask(asking, "q", ",\"instructions\":\"" + long20 + "\""));
    JsonObject without = Asking.json(ask(asking, "q", ""));
    assertThat(continued(asking, with)).isEqualTo(continued(asking, without));
  }

  private static int continued(Asking asking, JsonObject response) {
    String previous = ",\"previous_response_id\":\"" + response.getString("id") + "\"";
    return Asking.json(ask(asking, "q", previous)).getJsonObject("usage").getInt("input_tokens");
  }

  @Test
  void storedResponse_canBeReadAndDeleted() {
    Asking asking = Asking.byDefault();
    SimulatorReply created = ask(asking, "hi", "");
    String path = "/v1/responses/" + Asking.json(created).getString("id");
    assertThat(Asking.body(asking.get(path))).isEqualTo(Asking.body(created));
    SimulatorReply deleted = asking.at(Asking.NOW, "DELETE", path, "");
    assertThat(Asking.json(deleted).getBoolean("deleted")).isTrue();
    assertThat(asking.get(path).status()).isEqualTo(404);
    assertThat(asking.at(Asking.NOW, "DELETE", path, "").status()).isEqualTo(404);
  }

  @Test
  void responseThatIsUnknownOrNotStored_isRefused() {
    Asking asking = Asking.byDefault();
    String id = Asking.json(ask(asking, "hi", ",\"store\":false")).getString("id");
    SimulatorReply reply = ask(asking, "hi", ",\"previous_response_id\":\"" + id + "\"");
    assertThat(reply.status()).isEqualTo(400);
    JsonObject error = Asking.json(reply).getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo("previous_response_not_found");
    assertThat(error.getString("param")).isEqualTo("previous_response_id");
  }

  @Test
  void store_keepsTheNewestThousand() {
    StoredResponses stored = new StoredResponses();
    for (int i = 0; i <= StoredResponses.MAX_RESPONSES; i++) {
      stored.put("resp_" + i, new StoredResponses.Stored(null, "{}"));
    }
    assertThat(stored.find("resp_0")).isEmpty();
    assertThat(stored.find("resp_1")).isPresent();
  }

  @Test
  void answerThatIsCut_isIncomplete() {
    JsonObject response = Asking.json(ask(Asking.byDefault(), "hi", ",\"max_output_tokens\":3"));
    assertThat(response.getString("status")).isEqualTo("incomplete");
    assertThat(response.getJsonObject("incomplete_details").getString("reason"))
        .isEqualTo("max_output_tokens");
  }

  @Test
  void unknownModel_isRefusedAsRecorded() throws IOException {
    SimulatorReply reply = ask(Asking.byDefault(), "hi", ",\"model\":\"not-a-model\"");
    JsonObject recorded = Asking.parsed(Recordings.text("err-400-model_not_found-responses.json"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.json(reply).toString())
        .isEqualTo(
            recorded
                .toString()
                .replaceAll("e\\.g\\., .*?\\)", "e.g., sim-chat, sim-reasoner, sim-slow)"));
  }

  @Test
  void inputThatIsMissing_isRefused() {
    SimulatorReply reply = Asking.byDefault().post("/v1/responses", "{}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.json(reply).getJsonObject("error").getString("param")).isEqualTo("input");
  }

  @Test
  void promptThatIsTooLong_endsTheStreamWithAnErrorEvent() {
    List<NamedEvents> events =
        NamedEvents.of(ask(Asking.byDefault(), "word ".repeat(9_000), ",\"stream\":true"));
    assertThat(NamedEvents.names(events)).containsExactly("error");
  }
}
