package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The tools that LM Studio calls itself during {@code /api/v1/chat}. */
class IntegrationsTest {
  private static final String TOKEN = "sk-lm-abcdefgh:ABCDEFGHIJ0123456789";
  private static final String EPHEMERAL =
      "{\"type\":\"ephemeral_mcp\",\"server_label\":\"hf\",\"server_url\":\"https://hf.co/mcp\","
          + "\"allowed_tools\":[\"model_search\"]}";
  private static final String PLUGIN = "{\"type\":\"plugin\",\"id\":\"mcp/playwright\"}";

  private static SimulatorReply ask(Asking asking, String input, String integrations) {
    return asking.post("/api/v1/chat", body(input, integrations, ""));
  }

  private static String body(String input, String integrations, String more) {
    return "{\"model\":\"sim-chat\",\"input\":\"%s\",\"integrations\":%s%s}"
        .formatted(input, integrations, more);
  }

  private static List<NamedEvents> stream(Asking asking, String input, String integrations) {
    return NamedEvents.of(
        asking.post("/api/v1/chat", body(input, integrations, ",\"stream\":true")));
  }

  private static JsonObject error(SimulatorReply reply) {
    return Asking.json(reply).getJsonObject("error");
  }

  @Test
  void toolThatTheQuestionNames_isCalledWithTheDocumentedEvents() throws IOException {
    List<NamedEvents> events =
        stream(Asking.byDefault(), "Please search for models", "[" + EPHEMERAL + "]");
    List<NamedEvents> documented =
        NamedEvents.of(Recordings.text("doc-v1-chat-stream-event-examples.sse"));
    assertThat(NamedEvents.names(events))
        .containsSubsequence(
            "chat.start",
            "tool_call.start",
            "tool_call.arguments",
            "tool_call.success",
            "message.start",
            "message.delta",
            "chat.end");
    for (String name : List.of("tool_call.start", "tool_call.arguments", "tool_call.success")) {
      assertThat(only(events, name).keySet()).isEqualTo(only(documented, name).keySet());
    }
    assertThat(only(events, "tool_call.success").getString("output"))
        .startsWith("[{\"type\":\"text\",\"text\":\"Simulated result of model_search for: ");
    assertThat(only(events, "tool_call.start").getJsonObject("provider_info").toString())
        .isEqualTo("{\"type\":\"ephemeral_mcp\",\"server_label\":\"hf\"}");
  }

  private static JsonObject only(List<NamedEvents> events, String name) {
    return events.stream().filter(event -> event.name().equals(name)).findFirst().get().data();
  }

  @Test
  void toolCall_isAnItemOfTheOutputAndTheAnswerTellsItsResult() {
    JsonObject answer = Asking.json(ask(Asking.byDefault(), "search it", "[\"mcp/playwright\"]"));
    List<JsonObject> output = answer.getJsonArray("output").getValuesAs(JsonObject.class);
    assertThat(output)
        .extracting(item -> item.getString("type"))
        .containsExactly("tool_call", "message");
    assertThat(output.getFirst().keySet())
        .containsExactly("type", "tool", "arguments", "output", "provider_info");
    assertThat(output.getFirst().getJsonObject("provider_info").toString())
        .isEqualTo("{\"type\":\"plugin\",\"plugin_id\":\"mcp/playwright\"}");
    assertThat(output.getLast().getString("content")).startsWith("The tool says: Simulated result");
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_name, Cannot find tool with name search., 2",
    "invalid_arguments, Invalid arguments for tool search., 4"
  })
  void toolFailure_isAskedForByHeader(String failure, String reason, int fields) {
    Asking asking = Asking.byDefault().header("X-Simulator-Tool-Failure", failure);
    List<NamedEvents> events = stream(asking, "search it", "[" + PLUGIN + "]");
    assertThat(NamedEvents.names(events))
        .containsSubsequence("tool_call.start", "tool_call.failure", "message.start")
        .doesNotContain("tool_call.success", "tool_call.arguments");
    JsonObject failed = only(events, "tool_call.failure");
    assertThat(failed.getString("reason")).isEqualTo(reason);
    assertThat(failed.getJsonObject("metadata")).hasSize(fields);
    assertThat(failed.getJsonObject("metadata").getString("type")).isEqualTo(failure);
    JsonObject item =
        only(events, "chat.end").getJsonObject("result").getJsonArray("output").getJsonObject(0);
    assertThat(item.getString("type")).isEqualTo("invalid_tool_call");
  }

  @Test
  void unknownToolFailure_isRefused() {
    Asking asking = Asking.byDefault().header("X-Simulator-Tool-Failure", "boom");
    assertThat(Asking.body(ask(asking, "hi", "[]"))).contains("invalid_name, invalid_arguments");
  }

  @Test
  void questionThatNamesNoTool_isAnsweredWithoutACall() {
    List<NamedEvents> events = stream(Asking.byDefault(), "Hello", "[" + EPHEMERAL + "]");
    assertThat(NamedEvents.names(events)).noneMatch(name -> name.startsWith("tool_call"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "7 | invalid_value | must be an array",
        "[7] | invalid_value | must contain strings or objects",
        "[{\"type\":\"x\"}] | invalid_value | Invalid type 'x'",
        "[{\"type\":\"plugin\"}] | missing_required_parameter | \"id\" is required",
        "[{\"type\":\"ephemeral_mcp\"}] | missing_required_parameter | \"server_label\" is required"
      })
  void malformedIntegration_isRefused(String integrations, String code, String message) {
    SimulatorReply reply = ask(Asking.byDefault(), "hi", integrations);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(error(reply).getString("code")).isEqualTo(code);
    assertThat(error(reply).getString("message")).contains(message);
    assertThat(error(reply).getString("param")).isEqualTo("integrations");
  }

  @Test
  void pluginWithoutAnOwner_cannotBeReached() {
    JsonObject error = error(ask(Asking.byDefault(), "hi", "[\"mcp/oracle_Stream\"]"));
    assertThat(error.getString("type")).isEqualTo("plugin_connection_error");
    assertThat(error.getString("message")).contains("owner/name format");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:21776/sse, 0.4.15, 400",
    "http://192.168.1.5/mcp, 0.4.24, 400",
    "http://[::1]/mcp, 0.4.24, 400",
    "not an address, 0.4.24, 400",
    "file:///etc/passwd, 0.4.24, 400",
    "http://localhost:21776/sse, 0.4.14, 200",
    "https://example.com/mcp, 0.4.24, 200"
  })
  void serverWithAPrivateAddress_isRefusedSince0415(String url, String version, int status) {
    String server = EPHEMERAL.replace("https://hf.co/mcp", url);
    SimulatorReply reply = ask(Asking.version(version), "hi", "[" + server + "]");
    assertThat(reply.status()).isEqualTo(status);
    if (status == 400) {
      assertThat(error(reply).getString("type")).isEqualTo("mcp_connection_error");
      assertThat(error(reply).getString("message"))
          .startsWith("Unable to connect to remote MCP server 'hf' at url '" + url + "'. ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tokenWithoutThePermission_isRefused(TokenPermission permission) {
    Set<TokenPermission> others = EnumSet.complementOf(EnumSet.of(permission));
    String integration = permission == TokenPermission.PLUGIN ? PLUGIN : EPHEMERAL;
    for (Set<TokenPermission> granted : List.of(others, EnumSet.of(permission))) {
      Asking asking =
          new Asking(SimulatorSettings.defaults().withApiToken(TOKEN, granted))
              .header("Authorization", "Bearer " + TOKEN);
      SimulatorReply reply = ask(asking, "hi", "[" + integration + "]");
      if (granted == others) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(error(reply).getString("message"))
            .startsWith("Permission denied to use ")
            .endsWith("and that your API token has the necessary permissions.");
        assertThat(ask(asking, "hi", "[]").status()).isEqualTo(200);
      } else {
        assertThat(reply.status()).isEqualTo(200);
      }
    }
  }
}
