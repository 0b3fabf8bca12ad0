package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferBodyTest {
  private static final String CHAT = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private static JsonValue json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readValue();
    }
  }

  private static List<ApiError.Detail> refused(String body) {
    ApiError error =
        assertThatExceptionOfType(ApiException.class)
            .isThrownBy(() -> InferBody.of(json(body)))
            .actual()
            .error();
    assertThat(error.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
    assertThat(error.details()).allSatisfy(detail -> assertThat(detail.message()).isNotBlank());
    return error.details();
  }

  private static String wrongFields(String body) {
    return refused(body).stream().map(ApiError.Detail::field).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"temperature\":0",
        "\"temperature\":2",
        "\"temperature\":2.0",
        "\"top_p\":1",
        "\"top_k\":40",
        "\"top_k\":0",
        "\"top_k\":-1",
        "\"min_p\":0.05",
        "\"min_p\":-1",
        "\"ttl\":-1",
        "\"repeat_penalty\":0",
        "\"max_tokens\":1",
        "\"max_tokens\":-1",
        "\"max_tokens\":1e3",
        "\"max_tokens\":2.0",
        "\"presence_penalty\":-2",
        "\"frequency_penalty\":2",
        "\"repeat_penalty\":1.1",
        "\"seed\":-7",
        "\"seed\":9223372036854775807",
        "\"stop\":\"x\"",
        "\"stop\":[]",
        "\"stop\":[\"1\",\"2\",\"3\",\"4\"]",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "\"tool_choice\":\"auto\"",
        "\"tool_choice\":\"required\"",
        "\"response_format\":{\"type\":\"text\"}",
        "\"reasoning_effort\":\"low\"",
        "\"ttl\":300",
        "\"draft_model\":\"small\"",
        "\"logit_bias\":{\"50256\":-100}",
        "\"extra\":{\"cache_prompt\":true}",
        "\"extra\":{}",
        "\"extra\":{\"temperature\":null,\"stream_options\":null}",
        "\"extra\":{\"n\":1},\"n\":null",
        "\"extra\":{\"n\":2}",
        "\"n\":2",
        "\"max_completion_tokens\":64",
        "\"parallel_tool_calls\":true",
        "\"logprobs\":true",
        "\"top_logprobs\":3",
        "\"user\":\"u-1\"",
        "\"metadata\":{\"run\":\"7\"}",
        "\"tool_choice\":\"any\"",
        "\"tool_choice\":{\"type\":\"function\"}",
        "\"response_format\":{\"type\":\"json_object\"}",
        "\"reasoning_effort\":\"off\"",
        "\"model\":\"m\"",
        "\"stream\":false",
        "\"temperature\":null",
        "\"prompt\":null",
        "\"stream\":null",
        "\"extra\":null",
        "\"suffix\":null"
      })
  void field_isTaken(String field) {
    assertThat(InferBody.of(json("{" + CHAT + "," + field + "}")).request())
        .isInstanceOf(ChatRequest.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"temperature\":2.01            | temperature",
        "\"temperature\":-0.1            | temperature",
        "\"temperature\":\"1\"           | temperature",
        "\"temperature\":1e400           | temperature",
        "\"top_p\":1.5                   | top_p",
        "\"top_k\":1.5                   | top_k",
        "\"min_p\":\"2\"                 | min_p",
        "\"max_tokens\":0                | max_tokens",
        "\"max_tokens\":-2               | max_tokens",
        "\"max_tokens\":1.5              | max_tokens",
        "\"max_tokens\":\"5\"            | max_tokens",
        "\"max_tokens\":1e999999999      | max_tokens",
        "\"presence_penalty\":-2.1       | presence_penalty",
        "\"frequency_penalty\":3         | frequency_penalty",
        "\"repeat_penalty\":true         | repeat_penalty",
        "\"repeat_penalty\":1e400        | repeat_penalty",
        "\"seed\":0.5                    | seed",
        "\"seed\":9223372036854775808    | seed",
        "\"stop\":5                      | stop",
        "\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"] | stop",
        "\"stop\":[\"a\",1,null]         | stop[1] stop[2]",
        "\"tools\":{}                    | tools",
        "\"tools\":[1]                   | tools[0]",
        "\"tools\":[{\"type\":\"function\"}] | tools[0].function",
        "\"tool_choice\":1               | tool_choice",
        "\"tool_choice\":[]              | tool_choice",
        "\"parallel_tool_calls\":1       | parallel_tool_calls",
        "\"user\":1                      | user",
        "\"metadata\":[]                 | metadata",
        "\"max_completion_tokens\":0     | max_completion_tokens",
        "\"extra\":{\"top_logprobs\":3} | extra.top_logprobs",
        "\"extra\":{\"max_completion_tokens\":3} | extra.max_completion_tokens",
        "\"extra\":{\"n\":2},\"n\":2      | extra.n",
        "\"extra\":{\"echo\":1}           | extra.echo",
        "\"logprobs\":\"yes\"            | logprobs",
        "\"top_logprobs\":-1             | top_logprobs",
        "\"metadata\":{\"a\":1e400}      | metadata.a",
        "\"tools\":[{\"type\":\"x\",\"y\":1e400}] | tools[0].y",
        "\"extra\":{\"n\":0}            | extra.n",
        "\"response_format\":\"json\"    | response_format",
        "\"reasoning_effort\":1          | reasoning_effort",
        "\"ttl\":0.5                     | ttl",
        "\"draft_model\":\" \"           | draft_model",
        "\"logit_bias\":[]               | logit_bias",
        "\"logit_bias\":{\"1\":1e400}    | logit_bias.1",
        "\"extra\":[]                    | extra",
        "\"extra\":{\"temperature\":1}   | extra.temperature",
        "\"extra\":{\"stream\":false}    | extra.stream",
        "\"extra\":{\"messages\":[]}     | extra.messages",
        "\"extra\":{\"stream_options\":{}} | extra.stream_options",
        "\"extra\":{\"a\":[{\"b\":-1e400}]} | extra.a[0].b",
        "\"model\":5                     | model",
        "\"model\":\"\"                  | model",
        "\"stream\":\"yes\"              | stream",
        "\"stream_options\":{}           | stream_options",
        "\"n\":0                         | n",
        "\"unknown\":null,\"Model\":\"m\" | Model",
        "\"prompt\":\"p\"                | messages",
        "\"suffix\":\"s\"                | suffix",
        "\"suffix\":1,\"temperature\":9,\"x\":1 | x suffix temperature",
      })
  void field_isWrong(String field, String wrong) {
    assertThat(wrongFields("{" + CHAT + "," + field + "}")).isEqualTo(wrong);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                        | messages",
        "{\"messages\":null}                       | messages",
        "{\"messages\":[]}                         | messages",
        "{\"messages\":\"Hi\"}                     | messages",
        "{\"messages\":[1,\"a\"]}                  | messages[0] messages[1]",
        "{\"messages\":[{}]}                       | messages[0].role messages[0].content",
        "{\"messages\":[{\"role\":\"boss\",\"content\":\"a\"}]} | messages[0].role",
        "{\"messages\":[{\"role\":7,\"content\":\"a\"}]} | messages[0].role",
        "{\"messages\":[{\"role\":\"user\",\"content\":7}]} | messages[0].content",
        "{\"messages\":[{\"role\":\"user\",\"content\":[7]}]} | messages[0].content[0]",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}"
            + " | messages[0].content[0].text",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"x\":1}]}]}"
            + " | messages[0].content[0].type",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}"
            + " | messages[0].content[0].image_url",
        "{\"messages\":[{\"role\":\"user\",\"content\":[]}]} | messages[0].content",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]} | messages[0].tool_call_id",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"a\",\"tool_call_id\":1}]}"
            + " | messages[0].tool_call_id",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"tool_calls\":[]}]}"
            + " | messages[0].tool_calls",
        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":7}]} | messages[0].tool_calls",
        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{}]}]}"
            + " | messages[0].tool_calls[0].function",
        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{}}]}]}"
            + " | messages[0].tool_calls[0].function.name"
            + " messages[0].tool_calls[0].function.arguments",
        "{\"messages\":[{\"role\":\"assistant\"}]} | messages[0].content",
        "{\"prompt\":\"\"}                         | prompt",
        "{\"prompt\":7}                            | prompt",
        "{\"prompt\":[\"a\"]}                      | prompt",
        "{\"prompt\":\"a\",\"messages\":[]}        | messages",
        "{\"prompt\":\"\",\"messages\":[]}         | messages prompt",
        "{\"prompt\":null,\"messages\":null}     | messages",
        "{\"prompt\":\"a\",\"suffix\":1,\"top_p\":2} | suffix top_p",
        "{\"prompt\":\"a\",\"logprobs\":-1}         | logprobs",
        "{\"messages\":[{\"role\":\"function\",\"content\":\"a\"}]} | messages[0].role",
        "{\"messages\":[{\"role\":\"user\",\"content\":null}]} | messages[0].content",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":7}]}]}"
            + " | messages[0].content[0].type",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
            + "\"image_url\":{\"url\":\"data:image/png;base64,A!\"}}]}]}"
            + " | messages[0].content[0].image_url.url",
        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\","
            + "\"arguments\":{}}}]}]} | messages[0].tool_calls[0].function.arguments",
      })
  void request_isWrong(String body, String wrong) {
    assertThat(wrongFields(body)).isEqualTo(wrong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "5", "null", "true"})
  void noObject_isOneDetailForTheWhole(String body) {
    assertThat(refused(body)).singleElement().extracting(ApiError.Detail::field).isEqualTo("");
  }

  @Test
  void message_passesWithFieldsOfItsOwn() {
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What?\","
            + "\"x\":1},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA\"}}]"
            + ",\"name\":\"a\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\","
            + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
            + "{\"role\":\"tool\",\"content\":\"1\",\"tool_call_id\":\"1\"}]}";
    JsonObject posted = InferBody.of(json(body)).request().toJson();
    assertThat(posted.getJsonArray("messages"))
        .isEqualTo(
            json(body.replace("\"content\":null", "\"content\":\"\""))
                .asJsonObject()
                .getJsonArray("messages"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"system", "user", "assistant", "developer"})
  void role_isTaken(String role) {
    JsonObject posted =
        InferBody.of(json("{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"Hi\"}]}"))
            .request()
            .toJson();
    assertThat(posted.getJsonArray("messages").getJsonObject(0).getString("role"))
        .isEqualTo(role.equals("developer") ? "system" : role);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"unknown\"}}",
        "\"tool_choice\":{\"type\":\"allowed_tools\"}",
        "\"response_format\":{\"type\":\"json_object\"}",
        "\"reasoning_effort\":\"ultra\"",
        "\"n\":2",
        "\"logit_bias\":{\"50256\":-100}",
        "\"parallel_tool_calls\":false",
        "\"logprobs\":true,\"top_logprobs\":3",
        "\"user\":\"u-1\",\"metadata\":{\"run\":\"7\"}",
        "\"ttl\":300,\"draft_model\":\"small\",\"min_p\":0.05,\"top_k\":-1",
        "\"tools\":[{\"type\":\"mcp\",\"unknown\":{\"x\":[1]}}]"
      })
  void valueThatSomeVersionMayAccept_goesUpstreamAsItIs(String field) {
    JsonObject posted = InferBody.of(json("{" + CHAT + "," + field + "}")).request().toJson();
    assertThat(posted).isEqualTo(json("{" + CHAT + "," + field + "}"));
  }

  @Test
  void maxCompletionTokens_isAnAliasOfMaxTokens() {
    JsonObject posted =
        InferBody.of(json("{" + CHAT + ",\"max_completion_tokens\":64}")).request().toJson();
    assertThat(posted).isEqualTo(json("{" + CHAT + ",\"max_tokens\":64}"));
  }

  @Test
  void nullFields_areNotPosted() {
    JsonObject posted =
        InferBody.of(
                json(
                    "{\"prompt\":null,"
                        + CHAT
                        + ",\"stream\":null,\"stop\":null,\"tools\":null,\"unknown\":null,"
                        + "\"extra\":{\"x\":null,\"temperature\":null}}"))
            .request()
            .toJson();
    assertThat(posted).isEqualTo(json("{" + CHAT + "}"));
  }

  @Test
  void callWithAnEmptyId_getsOneAndItsAnswerTheSame() {
    JsonObject posted =
        InferBody.of(
                json(
                    "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"\",\"content\":\"1\"}]}"))
            .request()
            .toJson();
    List<JsonObject> messages = posted.getJsonArray("messages").getValuesAs(JsonObject.class);
    String id = messages.get(0).getJsonArray("tool_calls").getJsonObject(0).getString("id");
    assertThat(id).isNotEmpty().isEqualTo(messages.get(1).getString("tool_call_id"));
  }

  @Test
  void options_reachLmStudioAsTheyAre() {
    JsonObject posted =
        InferBody.of(
                json(
                    "{"
                        + CHAT
                        + ",\"model\":\"m\",\"stream\":false,\"seed\":7,\"top_k\":null,"
                        + "\"temperature\":0.10,\"extra\":{\"cache_prompt\":true}}"))
            .request()
            .toJson();
    assertThat(posted)
        .isEqualTo(
            json(
                "{"
                    + CHAT
                    + ",\"model\":\"m\",\"seed\":7,\"temperature\":0.10,"
                    + "\"cache_prompt\":true}"));
  }

  @Test
  void prompt_isACompletion() {
    InferBody body = InferBody.of(json("{\"prompt\":\"Once\",\"suffix\":\"end\"}"));
    assertThat(body.request()).isInstanceOf(CompletionRequest.class);
    assertThat(body.request().toJson()).isEqualTo(json("{\"prompt\":\"Once\",\"suffix\":\"end\"}"));
    assertThat(body.stream()).as("streams unless said otherwise").isTrue();
  }

  @Test
  void stream_isNotPartOfWhatIsPosted() {
    InferBody whole = InferBody.of(json("{" + CHAT + ",\"stream\":false}"));
    assertThat(whole.stream()).isFalse();
    assertThat(whole.request().toJson()).isEqualTo(json("{" + CHAT + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"stream\":false,\"x\":1} | true",
        "{\"stream\":true}          | false",
        "{\"stream\":\"no\"}        | false",
        "{}                         | false",
        "[]                         | false"
      })
  void asksForTheWhole_evenIfTheRestIsWrong(String body, boolean whole) {
    assertThat(InferBody.asksForTheWhole(json(body))).isEqualTo(whole);
  }
}
