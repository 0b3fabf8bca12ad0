package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatedMessagesTest {
  private static final String TOOL =
      """
      ,"tools":[{"name":"get_weather","input_schema":{"type":"object",
      "properties":{"city":{"type":"string"}}}}],"tool_choice":{"type":"any"}\
      """;

  private static SimulatorReply ask(Asking asking, String question, String moreFields) {
    return asking.post(
        "/v1/messages",
        "{\"max_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
            .formatted(question, moreFields));
  }

  @Test
  void plainMessage_hasAnthropicsForm() {
    JsonObject message =
        Asking.json(ask(Asking.byDefault().wantingText("Hello!"), "hi", ",\"system\":\"Be kind\""));
    assertThat(message.toString().replaceAll("msg_\\w{21}", "ID"))
        .isEqualTo(
            "{\"id\":\"ID\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"sim-chat\","
                + "\"content\":[{\"type\":\"text\",\"text\":\"Hello!\"}],"
                + "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":14,\"output_tokens\":3}}");
  }

  @Test
  void stream_hasAnthropicsEventsInOrder() {
    SimulatorReply reply =
        ask(
            Asking.byDefault().wantingText("Hello there"),
            "hi",
            ",\"model\":\"sim-reasoner\",\"stream\":true");
    List<NamedEvents> events = NamedEvents.of(reply);
    assertThat(NamedEvents.names(events))
        .containsExactly(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    String text =
        events.stream()
            .filter(event -> event.name().equals("content_block_delta"))
            .map(event -> event.data().getJsonObject("delta").getString("text", ""))
            .collect(Collectors.joining());
    assertThat(text).isEqualTo("Hello there");
    assertThat(events).allMatch(event -> event.data().getString("type").equals(event.name()));
    JsonObject end = events.get(events.size() - 2).data();
    assertThat(end.getJsonObject("delta").getString("stop_reason")).isEqualTo("end_turn");
    assertThat(end.getJsonObject("usage").getInt("output_tokens")).isPositive();
  }

  @Test
  void toolUse_isABlockWhoseResultIsAnswered() {
    Asking asking = Asking.byDefault();
    JsonObject message = Asking.json(ask(asking, "The weather in Paris?", TOOL));
    JsonObject use = message.getJsonArray("content").getJsonObject(0);
    assertThat(message.getString("stop_reason")).isEqualTo("tool_use");
    assertThat(use.getJsonObject("input").getString("city")).isEqualTo("Paris");
    String streamed =
        NamedEvents.of(ask(asking, "The weather in Paris?", TOOL + ",\"stream\":true")).stream()
            .filter(event -> event.name().equals("content_block_delta"))
            .map(event -> event.data().getJsonObject("delta").getString("partial_json"))
            .collect(Collectors.joining());
    assertThat(streamed).isEqualTo(use.getJsonObject("input").toString());
    SimulatorReply next =
        asking.post(
            "/v1/messages",
            """
            {"max_tokens":500,"messages":[{"role":"user","content":"The weather in Paris?"},
            {"role":"assistant","content":[%s]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"%s",
            "content":[{"type":"text","text":"21 °C"}]}]}]%s}\
            """
                .formatted(use, use.getString("id"), TOOL));
    assertThat(Asking.json(next).getJsonArray("content").getJsonObject(0).getString("text"))
        .contains("21 °C");
  }

  @Test
  void stopSequence_isNamed() {
    JsonObject message =
        Asking.json(
            ask(
                Asking.byDefault().wantingText("one two three"),
                "hi",
                ",\"stop_sequences\":[\"four\",\"three\"]"));
    assertThat(message.getString("stop_reason")).isEqualTo("stop_sequence");
    assertThat(message.getString("stop_sequence")).isEqualTo("three");
  }

  @Test
  void thinkingThatIsDisabled_isLeftOut() {
    JsonObject message =
        Asking.json(
            ask(
                Asking.byDefault(),
                "hi",
                ",\"model\":\"sim-reasoner\",\"thinking\":{\"type\":\"disabled\"}"));
    assertThat(message.getJsonArray("content")).hasSize(1);
  }

  @Test
  void image_isReadAsADataUri() {
    SimulatorReply reply =
        Asking.byDefault()
            .post(
                "/v1/messages",
                """
                {"max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":
                {"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
                {"type":"text","text":"What is it?"}]}]}\
                """);
    assertThat(Asking.json(reply).getString("stop_reason")).isEqualTo("max_tokens");
    assertThat(Asking.json(reply).getJsonObject("usage").getInt("input_tokens")).isGreaterThan(256);
  }
}
