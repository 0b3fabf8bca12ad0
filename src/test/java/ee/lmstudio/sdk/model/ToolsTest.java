package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.Quoted.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tools offered, tools called, and forms of answers. */
class ToolsTest {
  private static final JsonObject SCHEMA = json("{'type':'object'}");

  @Test
  void function_isOpenAisTool() {
    Tool tool = Tool.strictFunction("get_weather", "Tells the weather", SCHEMA);
    assertThat(tool.toJson())
        .isEqualTo(
            json(
                "{'type':'function','function':{'name':'get_weather','description':'Tells the"
                    + " weather','parameters':{'type':'object'},'strict':true}}"));
    assertThat(tool.type()).isEqualTo("function");
    assertThat(tool.name()).isEqualTo("get_weather");
    assertThat(tool.description()).contains("Tells the weather");
    assertThat(tool.parameters()).isEqualTo(SCHEMA);
    assertThat(tool.strict()).isTrue();
    assertThat(Tool.function("f", "", SCHEMA).strict()).isFalse();
  }

  @Test
  void unknownTool_isKeptWhole() {
    JsonObject mcp = json("{'type':'mcp','server_url':'x'}");
    Tool tool = Tool.of(mcp);
    assertThat(tool.toJson()).isEqualTo(mcp);
    assertThat(tool.name()).isEmpty();
    assertThat(tool.description()).isEmpty();
    assertThat(tool.parameters()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                        | type",
        "{'type':''}                               | type",
        "{'type':'function'}                       | function",
        "{'type':'function','function':'f'}        | function",
        "{'type':'function','function':{}}         | function.name",
        "{'type':'function','function':{'name':''}} | function.name",
        "{'type':'function','function':{'name':'f','parameters':[]}} | function.parameters"
      })
  void wrongTool_isNamed(String tool, String field) {
    assertFault(() -> Tool.of(json(tool)), field);
  }

  private static void assertFault(Runnable request, String field) {
    assertThatThrownBy(request::run)
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> assertThat(error.faults().get(0).field()).isEqualTo(field));
  }

  @Test
  void schema_isOpenAisFormat() {
    ResponseFormat format = ResponseFormat.jsonSchema("score", SCHEMA);
    assertThat(format.toJson())
        .isEqualTo(
            json(
                "{'type':'json_schema','json_schema':{'name':'score','strict':true,"
                    + "'schema':{'type':'object'}}}"));
    assertThat(format.type()).isEqualTo("json_schema");
    assertThat(format.name()).contains("score");
    assertThat(format.schema()).contains(SCHEMA);
    assertThat(format.strict()).isTrue();
    assertThat(ResponseFormat.jsonSchema("score", SCHEMA, false).strict()).isFalse();
    assertThat(ResponseFormat.TEXT.schema()).isEmpty();
    assertThat(ResponseFormat.TEXT.name()).isEmpty();
  }

  @Test
  void strictAsText_isStrict() {
    String documented = "{'type':'json_schema','json_schema':{'strict':'true','schema':{},'x':1}}";
    assertThat(ResponseFormat.of(json(documented)).strict()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                     | type",
        "{'type':7}                                             | type",
        "{'type':'json_schema'}                                 | json_schema",
        "{'type':'json_schema','json_schema':[]}                | json_schema",
        "{'type':'json_schema','json_schema':{'schema':true}}   | json_schema.schema",
        "{'type':'json_schema','json_schema':{'name':'','schema':{}}} | json_schema.name"
      })
  void wrongFormat_isNamed(String format, String field) {
    assertFault(() -> ResponseFormat.of(json(format)), field);
  }

  @Test
  void jsonObject_isAFormat() {
    assertThat(ResponseFormat.of(json("{'type':'json_object'}")))
        .isEqualTo(ResponseFormat.JSON_OBJECT);
    assertThat(ResponseFormat.JSON_OBJECT.schema()).isEmpty();
  }

  @Test
  void conversationWithTools_isSymmetric() {
    ToolCall call = new ToolCall("1", "f", "{\"a\":1}");
    ChatRequest request =
        ChatRequest.of(
            Message.user("?"), Message.assistant("", List.of(call)), Message.tool("1", "42"));
    assertThat(request.messages().get(1).toolCalls()).containsExactly(call);
    assertThat(request.messages().get(2).toolCallId()).contains("1");
    assertThat(ChatRequest.of(request.toJson())).isEqualTo(request);
    assertThat(call.argumentsAsJson()).contains(json("{'a':1}"));
    assertThat(new ToolCall("1", "f", "{\"a\":").argumentsAsJson()).isEmpty();
    assertThat(call).hasToString("ToolCall[1, f, 7]");
    assertThat(Message.assistant("x", List.of()).json()).doesNotContainKey("tool_calls");
    assertThat(Message.user("x").toolCalls()).isEmpty();
  }

  private static JsonObject calls(String... ids) {
    StringBuilder all = new StringBuilder();
    for (String id : ids) {
      all.append(all.isEmpty() ? "" : ",")
          .append("{'id':'" + id + "','x':1,'function':{'name':'f','arguments':''}}");
    }
    return json("{'role':'assistant','content':'','tool_calls':[" + all + "]}");
  }

  @Test
  void callsWithoutIds_areNeverEchoedSo() {
    ChatRequest request =
        ChatRequest.of(
            Message.of(calls("", "call_1", "")),
            Message.tool("call_1", "b"),
            Message.tool("", "a"),
            Message.tool("", "c"),
            Message.of(calls("")),
            Message.tool("", "d"));
    assertThat(request.messages().get(0).toolCalls())
        .extracting(ToolCall::id)
        .containsExactly("call_0", "call_1", "call_2");
    assertThat(request.messages())
        .filteredOn(message -> message.role().equals("tool"))
        .extracting(message -> message.toolCallId().orElseThrow() + message.text())
        .containsExactly("call_1b", "call_0a", "call_2c", "call_3d");
    assertThat(request.toJson().toString()).contains("\"x\":1").doesNotContain("\"id\":\"\"");
  }

  @Test
  void answerToNoCall_isSentAsItIs() {
    Message answer = Message.tool("", "a");
    assertThat(ChatRequest.of(Message.user("?"), answer).messages()).contains(answer);
  }

  @Test
  void requestOfJson_namesEveryWrongField() {
    JsonObject wrong =
        json(
            "{'model':' ','stream':true,'messages':[{'role':'user'},5],'tool_choice':7,"
                + "'temperature':3}");
    assertThatThrownBy(() -> ChatRequest.of(wrong))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> {
              assertThat(error.faults())
                  .extracting(ValidationException.Fault::field)
                  .containsExactly(
                      "model", "messages[0].content", "messages[1]", "tool_choice", "temperature");
              assertThat(error.getMessage()).startsWith("5 fields are wrong; the first is model");
              assertThat(error.hint()).isNotBlank();
            });
  }

  @Test
  void moreThanAHundredFaults_areCountedAndTheFirstHundredListed() {
    JsonObject wrong = json("{'messages':[" + "7,".repeat(250) + "7],'temperature':3}");
    assertThatThrownBy(() -> ChatRequest.of(wrong))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> {
              assertThat(error.faults()).hasSize(100);
              assertThat(error.faultCount()).isEqualTo(252);
              assertThat(error.getMessage()).startsWith("252 fields are wrong; the first is");
            });
  }

  @Test
  void requestOfJson_keepsWhatItDoesNotKnow() {
    JsonObject body =
        json(
            "{'model':'m','messages':[{'role':'user','content':'Hi','name':'ann'}],"
                + "'user':'u','chat_template_kwargs':{'a':[1,2.50]}}");
    assertThat(ChatRequest.of(body).toJson()).isEqualTo(body);
    JsonObject text = json("{'model':'m','prompt':'p','suffix':'s','best_of':2,'x':1}");
    assertThat(CompletionRequest.of(text).toJson()).isEqualTo(text);
    assertThat(
            ChatRequest.of(json("{'messages':[{'role':'user','content':''}],'stream':true}"))
                .toJson())
        .doesNotContainKey("stream")
        .doesNotContainValue(JsonValue.TRUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                               | prompt",
        "{'prompt':null}                  | prompt",
        "{'prompt':''}                    | prompt",
        "{'prompt':['a']}                 | prompt",
        "{'prompt':'a','suffix':1}        | suffix",
        "{'prompt':'a','model':1}         | model",
        "{'prompt':'a','logprobs':'5'}    | logprobs",
        "{'prompt':'a','logprobs':-1}     | logprobs",
        "{'prompt':'a','messages':[]}     | messages"
      })
  void wrongCompletion_isNamed(String request, String field) {
    assertFault(() -> CompletionRequest.of(json(request)), field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                          | messages",
        "{'messages':'Hi'}                                           | messages",
        "{'messages':[]}                                             | messages",
        "{'messages':[{'role':'user','content':'a'}],'logprobs':1.5} | logprobs",
        "{'messages':[{'role':'user','content':'a'}],'suffix':''}    | suffix",
        "{'messages':[{'role':'user','content':[5]}]}                | messages[0].content[0]",
        "{'messages':[{'role':'user','content':[{'type':'text'}]}]}  | messages[0].content[0].text"
      })
  void wrongChat_isNamed(String request, String field) {
    assertFault(() -> ChatRequest.of(json(request)), field);
  }
}
