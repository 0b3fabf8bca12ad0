package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.Quoted.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SDK sends for requests that public bug reports showed LM Studio to refuse. */
class RequestAdapterTest {
  private static JsonObject sent(String request) {
    return ChatRequest.of(json(request)).toJson();
  }

  private static JsonObject sentMessage(String message) {
    return sent("{'messages':[" + message + "]}").getJsonArray("messages").getJsonObject(0);
  }

  private static JsonObject sentOptions(String options) {
    return sent("{'messages':[{'role':'user','content':'Hi'}]," + options + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'content':null,", "'content':'',"})
  void contentMissingBesideToolCalls_isSentAsEmptyText(String content) {
    String call = "{'id':'6b17b9368','type':'function','function':{'name':'f','arguments':'{}'}}";
    assertThat(sentMessage("{'role':'assistant'," + content + "'tool_calls':[" + call + "]}"))
        .isEqualTo(json("{'role':'assistant','content':'','tool_calls':[" + call + "]}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'role':'assistant'}", "{'role':'assistant','content':null}"})
  void contentMissingWithoutToolCalls_isRefused(String message) {
    assertFault(message, "messages[0].content");
  }

  private static void assertFault(String message, String field) {
    assertThatThrownBy(() -> sentMessage(message))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> assertThat(error.faults().get(0).field()).isEqualTo(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'refusal':'I cannot.'",
        "'reasoning_content':'Hm.'",
        "'audio':{'id':'a1'}",
        "'function_call':{'name':'f','arguments':'{}'}"
      })
  void assistantMessageOfOtherFields_isSentWithEmptyText(String field) {
    assertThat(sentMessage("{'role':'assistant','content':null," + field + "}"))
        .isEqualTo(json("{'role':'assistant'," + field + ",'content':''}"));
  }

  @Test
  void toolCallOfAnotherType_isSentAsItIs() {
    String call = "{'id':'1','type':'custom','custom':{'name':'f','input':'x'}}";
    assertThat(sentMessage("{'role':'assistant','content':'','tool_calls':[" + call + "]}"))
        .isEqualTo(json("{'role':'assistant','content':'','tool_calls':[" + call + "]}"));
  }

  @Test
  void nullsInAToolCall_areLeftOut() {
    assertThat(
            sentMessage(
                    "{'role':'assistant','tool_calls':[{'id':'1','index':null,'function':"
                        + "{'name':'f','arguments':'','parsed_arguments':null}}]}")
                .getJsonArray("tool_calls"))
        .containsExactly(json("{'id':'1','function':{'name':'f','arguments':''}}"));
  }

  @Test
  void toolMessageInParts_isSentAsOneText() {
    assertThat(
            sentMessage(
                "{'role':'tool','tool_call_id':'call_1','content':["
                    + "{'type':'text','text':'line 1\\n'},{'type':'text','text':'line 2'}]}"))
        .isEqualTo(json("{'role':'tool','tool_call_id':'call_1','content':'line 1\\nline 2'}"));
  }

  @Test
  void toolMessageWithAnImage_keepsItsParts() {
    String image = "{'type':'image_url','image_url':{'url':'https://x/y.png'}}";
    assertThat(
            sentMessage("{'role':'tool','tool_call_id':'1','content':[" + image + "]}")
                .getJsonArray("content"))
        .containsExactly(json(image));
  }

  @Test
  void developer_isSentAsSystem() {
    assertThat(sentMessage("{'role':'developer','content':'Be brief.','name':'a'}"))
        .isEqualTo(json("{'role':'system','content':'Be brief.','name':'a'}"));
  }

  @Test
  void oldAssistantTurn_losesItsNullsOnly() {
    assertThat(
            sentMessage(
                "{'role':'assistant','content':'hello','refusal':null,'audio':null,"
                    + "'annotations':[],'function_call':null,'tool_calls':null}"))
        .isEqualTo(json("{'role':'assistant','content':'hello','annotations':[]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'input_audio','input_audio':{'data':'UklGRg==','format':'wav'}}",
        "{'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,JV'}}",
        "{'type':'audio_url','audio_url':{'url':'https://example.com/clip.mp3'}}",
        "{'type':'image_url','image_url':{'url':'https://example.com/a.png','detail':'low'}}",
        "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA','detail':'low'}}",
        "{'type':'image_url','image_url':{'url':'data:image/webp;base64,UklGRg=='}}"
      })
  void partThatSomeVersionMayAccept_isSentAsItIs(String part) {
    JsonArray content =
        sentMessage("{'role':'user','content':[" + part + "]}").getJsonArray("content");
    assertThat(content).containsExactly(json(part));
  }

  @Test
  void nullsInAPart_areLeftOut() {
    assertThat(
            sentMessage(
                    "{'role':'user','content':[{'type':'image_url','x':null,'image_url':"
                        + "{'url':'https://x/y.png','detail':null}}]}")
                .getJsonArray("content"))
        .containsExactly(json("{'type':'image_url','image_url':{'url':'https://x/y.png'}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                                    | messages[0].content",
        "[null]                                                | messages[0].content[0]",
        "[{'type':'text'}]                                     | messages[0].content[0].text",
        "[{'text':'x'}]                                        | messages[0].content[0].type",
        "[{'type':'image_url','image_url':'data:image/png;base64,AAAA'}]"
            + " | messages[0].content[0].image_url"
      })
  void partThatCanNeverBeRight_isRefused(String content, String field) {
    assertFault("{'role':'user','content':" + content + "}", field);
  }

  @Test
  void namedToolChoice_isSentAsTheOnlyToolAndRequired() {
    JsonObject sent =
        sentOptions(
            "'tool_choice':{'type':'function','function':{'name':'user_info'}},'tools':["
                + "{'type':'function','function':{'name':'last_command','parameters':{}}},"
                + "{'type':'function','function':{'name':'user_info','parameters':"
                + "{'type':'object','properties':{'age':{'type':'integer'}}}}}]");
    assertThat(sent.getString("tool_choice")).isEqualTo("required");
    assertThat(sent.getJsonArray("tools"))
        .containsExactly(
            json(
                "{'type':'function','function':{'name':'user_info','parameters':"
                    + "{'type':'object','properties':{'age':{'type':'integer'}}}}}"));
  }

  @Test
  void namedToolChoiceOfTheBuilder_isTheSame() {
    JsonObject schema = json("{'type':'object','properties':{}}");
    Tool wanted = Tool.function("wanted", "", schema);
    ChatRequest request =
        ChatRequest.of("Hi")
            .withOptions(
                GenerationOptions.builder()
                    .tools(Tool.function("other", "", schema), wanted)
                    .toolChoice("wanted")
                    .build());
    assertThat(request.options().tools()).containsExactly(wanted);
    assertThat(request.options().toolChoice()).contains(ToolChoice.REQUIRED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'parameters':{}                                   | {'type':'object','properties':{}}",
        "'parameters':null                                 | {'type':'object','properties':{}}",
        "'strict':null                                     | {'type':'object','properties':{}}",
        "'parameters':{'type':'object'}                    | {'type':'object','properties':{}}",
        "'parameters':{'properties':{'a':{}}} | {'properties':{'a':{}},'type':'object'}",
        "'parameters':{'type':'object','properties':{'a':{'default':null}}}"
            + " | {'type':'object','properties':{'a':{'default':null}}}",
        "'parameters':{'type':'string'}                    | {'type':'string'}"
      })
  void schemaThatLmStudioRefuses_isCompleted(String parameters, String schema) {
    JsonObject sent =
        sentOptions("'tools':[{'type':'function','function':{'name':'f'," + parameters + "}}]");
    assertThat(sent.getJsonArray("tools"))
        .containsExactly(
            json("{'type':'function','function':{'name':'f','parameters':" + schema + "}}"));
  }

  @Test
  void toolOfAnotherType_isSentAsItIs() {
    assertThat(sentOptions("'tools':[{'type':'mcp','server_url':'x'}]").getJsonArray("tools"))
        .containsExactly(json("{'type':'mcp','server_url':'x'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'max_completion_tokens':64,'max_tokens':null | 64",
        "'max_completion_tokens':64                   | 64",
        "'max_completion_tokens':64,'max_tokens':32   | 32",
        "'max_completion_tokens':64,'max_tokens':128  | 64",
        "'max_completion_tokens':64,'max_tokens':-1   | 64",
        "'max_completion_tokens':-1,'max_tokens':32   | 32",
        "'max_completion_tokens':-1                   | -1"
      })
  void newerNameOfTheCap_isSentAsMaxTokens(String options, int cap) {
    JsonObject chat = sentOptions(options);
    JsonObject completion = CompletionRequest.of(json("{'prompt':'Hi'," + options + "}")).toJson();
    assertThat(chat.getInt("max_tokens")).isEqualTo(cap);
    assertThat(completion.getInt("max_tokens")).isEqualTo(cap);
    assertThat(chat).doesNotContainKey("max_completion_tokens");
    assertThat(completion).doesNotContainKey("max_completion_tokens");
  }

  @Test
  void emptyAndNullOptions_areLeftOut() {
    assertThat(
            sentOptions(
                "'stop':[],'tools':[],'tool_choice':'auto','max_completion_tokens':null,"
                    + "'response_format':null,'x':null"))
        .containsOnlyKeys("messages", "tool_choice");
  }

  @Test
  void optionsThatNobodyKnows_areSentAsTheyAre() {
    String options =
        "'n':1,'temperature':1,'user':'u-1','store':false,'metadata':{'run':'7'},"
            + "'service_tier':'auto','verbosity':'low','modalities':['text'],"
            + "'response_format':{'type':'text'},'reasoning_effort':'minimal'";
    assertThat(sentOptions(options).entrySet())
        .containsAll(json("{" + options + "}").entrySet())
        .noneMatch(field -> field.getValue() == JsonValue.NULL);
  }

  @Test
  void adaptedRequest_isReadBackUnchanged() {
    ChatRequest request =
        ChatRequest.of(
            json(
                "{'messages':[{'role':'developer','content':'a'},{'role':'assistant',"
                    + "'tool_calls':[{'function':{'name':'f','arguments':''}}]},"
                    + "{'role':'tool','tool_call_id':'','content':[{'type':'text','text':'b'}]}],"
                    + "'tools':[{'type':'function','function':{'name':'f'}}],"
                    + "'max_completion_tokens':5}"));
    assertThat(ChatRequest.of(request.toJson())).isEqualTo(request);
    assertThat(request.messages().get(2).toolCallId()).contains("call_0");
  }
}
