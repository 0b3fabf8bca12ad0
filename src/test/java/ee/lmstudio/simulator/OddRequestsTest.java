package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with fields of any type get an answer of LM Studio, never an exception. */
class OddRequestsTest {
  private static final List<String> NAMES =
      List.of(
          "model",
          "messages",
          "role",
          "content",
          "type",
          "text",
          "image_url",
          "url",
          "input",
          "prompt",
          "stream",
          "stop",
          "seed",
          "max_tokens",
          "max_output_tokens",
          "tools",
          "tool_choice",
          "tool_calls",
          "tool_call_id",
          "function",
          "name",
          "parameters",
          "input_schema",
          "arguments",
          "call_id",
          "output",
          "response_format",
          "json_schema",
          "schema",
          "properties",
          "required",
          "items",
          "enum",
          "anyOf",
          "$ref",
          "pattern",
          "minimum",
          "integrations",
          "id",
          "server_label",
          "server_url",
          "allowed_tools",
          "reasoning",
          "effort",
          "reasoning_effort",
          "previous_response_id",
          "store",
          "system",
          "system_prompt",
          "instructions",
          "instance_id",
          "context_length",
          "stream_options",
          "n",
          "size",
          "voice",
          "format",
          "temperature",
          "thinking",
          "source",
          "data");
  private static final List<String> WORDS =
      List.of(
          "sim-chat",
          "user",
          "assistant",
          "tool",
          "system",
          "message",
          "text",
          "image",
          "function",
          "object",
          "array",
          "string",
          "json_schema",
          "plugin",
          "ephemeral_mcp",
          "function_call",
          "function_call_output",
          "tool_use",
          "tool_result",
          "required",
          "auto",
          "search",
          "mcp/x",
          "#",
          "[a",
          "",
          "low",
          "off",
          "data:image/png;base64,AA",
          "\uD83D");

  @Provide
  Arbitrary<JsonObject> bodies() {
    return objects(4);
  }

  private static Arbitrary<JsonObject> objects(int depth) {
    return Arbitraries.maps(Arbitraries.of(NAMES), values(depth - 1))
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(OddRequestsTest::object);
  }

  private static JsonObject object(Map<String, JsonValue> members) {
    JsonObjectBuilder object = Json.createObjectBuilder();
    members.forEach(object::add);
    return object.build();
  }

  private static Arbitrary<JsonValue> values(int depth) {
    Arbitrary<JsonValue> simple =
        Arbitraries.oneOf(
            Arbitraries.of(WORDS).map(Json::createValue),
            Arbitraries.of(JsonValue.NULL, JsonValue.TRUE, JsonValue.FALSE),
            Arbitraries.of(
                    "0", "-1", "1.5", "1e400", "-1e-400", "99999999999999999999", "2147483648")
                .map(number -> Json.createReader(new StringReader(number)).readValue()));
    if (depth == 0) {
      return simple;
    }
    Arbitrary<JsonValue> arrays =
        values(depth - 1)
            .list()
            .ofMaxSize(3)
            .map(
                items -> {
                  JsonArrayBuilder array = Json.createArrayBuilder();
                  items.forEach(array::add);
                  return array.build();
                });
    return Arbitraries.oneOf(simple, objects(depth).map(JsonValue.class::cast), arrays);
  }

  @Provide
  Arbitrary<SimulatedRoute> routes() {
    return Arbitraries.of(SimulatedRoute.values());
  }

  @Provide
  Arbitrary<String> versions() {
    return Arbitraries.of("0.2.17", "0.2.21", "0.3.5", "0.3.30", "0.4.24");
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void fieldsOfAnyType_getAnAnswerOfLmStudio(
      @ForAll("bodies") JsonObject body,
      @ForAll("routes") SimulatedRoute route,
      @ForAll("versions") String version) {
    assertAnswered(version, route, body);
  }

  /** Returns the status. */
  private static int assertAnswered(String version, SimulatedRoute route, JsonValue body) {
    String[] methodAndPath = route.toString().split(" ");
    SimulatorReply reply =
        Asking.version(version).at(Asking.NOW, methodAndPath[0], methodAndPath[1], body.toString());
    assertThat(reply.status()).isBetween(200, 499);
    String answer = Asking.body(reply);
    if (reply.streamed()) {
      assertThat(answer).startsWithIgnoringCase(answer.startsWith("event") ? "event: " : "data: ");
    } else if (reply.headers().get("Content-Type").contains("json")) {
      assertThat(Asking.parsed(answer)).isNotEmpty();
    }
    return reply.status();
  }

  /** Right requests, of which one part at a time is replaced. */
  private static final Map<SimulatedRoute, String> RIGHT =
      Map.of(
          SimulatedRoute.CHAT,
          """
          {"model":"sim-chat","messages":[{"role":"system","content":"s"},{"role":"user","content":
          [{"type":"text","text":"the weather?"},{"type":"image_url","image_url":{"url":
          "data:image/png;base64,AA"}}]},{"role":"assistant","content":"","tool_calls":[{"id":"1",
          "type":"function","function":{"name":"f","arguments":"{}"}}]}],"stop":["x"],"stream":true,
          "stream_options":{"include_usage":true},"max_tokens":50,"seed":1,"tool_choice":"auto",
          "tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
          "properties":{"city":{"type":"string"}},"required":["city"]}}}]}\
          """,
          SimulatedRoute.V0_CHAT,
          """
          {"messages":[{"role":"user","content":"hi"}],"reasoning_effort":"none","response_format":
          {"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":
          {"a":{"type":"array","items":{"enum":[1,2]},"minItems":2},"b":{"anyOf":[{"type":"null"},
          {"type":"number","minimum":1,"maximum":2}]},"c":{"type":"string","pattern":"^a+$",
          "maxLength":3}},"required":["a","b"],"additionalProperties":false}}}}\
          """,
          SimulatedRoute.RESPONSE,
          """
          {"model":"sim-reasoner","instructions":"s","input":[{"type":"message","role":"user",
          "content":[{"type":"input_text","text":"hi"}]},{"type":"function_call","call_id":"1",
          "name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"x"}],
          "tools":[{"type":"function","name":"f","parameters":{}}],"tool_choice":{"type":"function",
          "name":"f"},"reasoning":{"effort":"low"},"store":true,"stream":true}\
          """,
          SimulatedRoute.MESSAGE,
          """
          {"model":"sim-chat","system":[{"type":"text","text":"s"}],"messages":[{"role":"user",
          "content":[{"type":"text","text":"hi"},{"type":"image","source":{"type":"base64",
          "media_type":"image/png","data":"AA"}}]},{"role":"assistant","content":[{"type":"tool_use",
          "id":"1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result",
          "tool_use_id":"1","content":[{"type":"text","text":"x"}]}]}],"tools":[{"name":"f",
          "input_schema":{}}],"tool_choice":{"type":"any"},"thinking":{"type":"disabled"},
          "stop_sequences":["x"],"max_tokens":9}\
          """,
          SimulatedRoute.NATIVE_CHAT,
          """
          {"model":"sim-chat","input":[{"type":"text","content":"search"},{"type":"image",
          "data_url":"data:image/png;base64,AA"}],"system_prompt":"s","reasoning":"off",
          "integrations":["mcp/x",{"type":"plugin","id":"mcp/y","allowed_tools":["search"]},
          {"type":"ephemeral_mcp","server_label":"l","server_url":"https://example.com/mcp"}],
          "store":true,"stream":true,"max_output_tokens":20}\
          """,
          SimulatedRoute.COMPLETION,
          "{\"prompt\":[\"Tea is\"],\"suffix\":\"x\",\"max_tokens\":5,\"stop\":\"x\"}",
          SimulatedRoute.EMBEDDINGS,
          "{\"model\":\"text-embedding-sim\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"float\"}",
          SimulatedRoute.LOAD,
          "{\"model\":\"sim-slow\",\"context_length\":2048,\"echo_load_config\":true,\"ttl\":5}",
          SimulatedRoute.DOWNLOAD,
          "{\"model\":\"x/y\",\"quantization\":\"Q4\"}");

  @Provide
  Arbitrary<SimulatedRoute> written() {
    return Arbitraries.of(RIGHT.keySet().stream().sorted().toList());
  }

  @Provide
  Arbitrary<JsonValue> parts() {
    return values(2);
  }

  @Property(tries = 1200, edgeCases = EdgeCasesMode.NONE)
  void rightRequestWithOneOddPart_getsAnAnswerOfLmStudio(
      @ForAll("written") SimulatedRoute route,
      @ForAll("parts") JsonValue part,
      @ForAll @IntRange(max = 500) int place) {
    JsonObject right = Asking.parsed(RIGHT.get(route));
    List<String> places = new ArrayList<>();
    collect("", right, places);
    String path = places.get(place % places.size());
    assertAnswered("0.4.24", route, Json.createPointer(path).replace(right, part));
  }

  private static void collect(String path, JsonValue value, List<String> places) {
    if (!path.isEmpty()) {
      places.add(path);
    }
    if (value instanceof JsonObject object) {
      object.forEach((name, member) -> collect(path + "/" + name, member, places));
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        collect(path + "/" + i, array.get(i), places);
      }
    }
  }

  @Test
  void rightRequests_areAnswered() {
    RIGHT.forEach(
        (route, body) ->
            assertThat(assertAnswered("0.4.24", route, Asking.parsed(body))).isEqualTo(200));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 900, 5_000, 300_000})
  void deepNesting_isRefused(int depth) {
    for (String open : List.of("[", "{\"a\":")) {
      String deep = open.repeat(depth) + "0" + (open.equals("[") ? "]" : "}").repeat(depth);
      SimulatorReply reply = Asking.byDefault().chat("hi", ",\"x\":" + deep);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(Asking.body(reply)).contains("nested deeper than 200 levels");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 198})
  void usualNesting_isRead(int depth) {
    String deep = "[".repeat(depth) + "]".repeat(depth) + ",\"y\":\"[[[[{{{{\"";
    assertThat(Asking.byDefault().chat("hi", ",\"x\":" + deep).status()).isEqualTo(200);
  }
}
