package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.header;
import static ee.lmstudio.http.api.Api.json;
import static ee.lmstudio.http.openai.Door.CHAT;
import static ee.lmstudio.http.openai.Door.STREAM;
import static ee.lmstudio.http.openai.Door.at;
import static ee.lmstudio.http.openai.Door.chat;
import static ee.lmstudio.http.openai.Door.data;
import static ee.lmstudio.http.openai.Door.error;
import static ee.lmstudio.http.openai.Door.post;
import static ee.lmstudio.http.openai.Door.text;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAI door at the level of HTTP: what LM Studio sends, and what the client gets. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class OpenAiDoorIT {
  @Test
  void chunks_arePassedOnByteForByte(Api api) throws Exception {
    String first = Chunks.delta("{\"role\":\"assistant\",\"content\":\"<think>a\"}");
    String second = Chunks.delta("{\"content\":\"</think>b \\u00e4\",\"x\":[1.50]}");
    String end = Chunks.finish("stop");
    api.chatStreams(first, second, end, Chunks.DONE);

    HttpResponse<String> answer = chat(api, STREAM);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).startsWith("text/event-stream");
    assertThat(header(answer, "X-Stream-Id")).hasSize(32);
    assertThat(answer.body()).isEqualTo(first + second + end + Chunks.DONE);
  }

  /** Case 31: FootprintAI/Containarium#820, BerriAI/litellm#38907, zed-industries/zed#28850. */
  @Test
  void unknownFields_areThereAndTheUsageChunkIsNot(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(text("31-door-envelope/upstream.sse")));
    HttpResponse<String> answer = api.send(post(api, CHAT, text("31-door-envelope/request.json")));

    assertThat(answer.body())
        .contains("reasoning_items", "x_vendor", "obfuscation", "system_fingerprint")
        .doesNotContain("\"usage\"")
        .endsWith(Chunks.DONE);
  }

  @Test
  void usageChunkThatWasAskedFor_hasEmptyChoices(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(text("31-door-envelope/upstream.sse")));
    List<String> data =
        data(api.send(post(api, CHAT, text("31-door-envelope/request-usage.json"))).body());

    JsonObject usage = json(data.get(data.size() - 2));
    assertThat(usage.getJsonArray("choices")).isEmpty();
    assertThat(usage.getJsonObject("usage").getInt("total_tokens")).isEqualTo(14);
    assertThat(data).filteredOn(chunk -> chunk.contains("\"usage\"")).hasSize(1);
  }

  @Test
  void usageThatLmStudioDoesNotSend_isCountedHere(Api api) throws Exception {
    api.chatStreams(Chunks.text("a"), Chunks.text("b"), Chunks.end());
    List<String> data =
        data(chat(api, STREAM, "\"stream_options\":{\"include_usage\":true}").body());

    JsonObject usage = json(data.get(data.size() - 2)).getJsonObject("usage");
    assertThat(usage.getInt("completion_tokens")).isEqualTo(2);
    assertThat(usage.getBoolean("synthesized")).isTrue();
  }

  @Test
  void wholeAnswer_becomesChunksWithAllThatClientsNeed(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWithJson(200, text("31-door-envelope/upstream-not-streamed.json")));
    List<String> data =
        data(api.send(post(api, CHAT, text("31-door-envelope/request.json"))).body());

    assertThat(data.getLast()).isEqualTo("[DONE]");
    List<JsonObject> chunks = data.subList(0, data.size() - 1).stream().map(Api::json).toList();
    assertThat(chunks)
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            chunk ->
                assertThat(chunk.keySet()).contains("id", "object", "created", "model", "choices"));
    JsonObject last = chunks.getLast().getJsonArray("choices").getJsonObject(0);
    assertThat(last.getString("finish_reason")).isEqualTo("stop");
  }

  @Test
  void answerThatIsNotStreamed_hasOpenAisForm(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(text("31-door-envelope/upstream.sse")));
    HttpResponse<String> answer = chat(api, "\"stream\":null");

    JsonObject json = json(answer.body());
    assertThat(json.getString("id")).isEqualTo("chatcmpl-t1");
    assertThat(json.getString("object")).isEqualTo("chat.completion");
    assertThat(json.getInt("created")).isEqualTo(1_760_000_000);
    JsonObject choice = json.getJsonArray("choices").getJsonObject(0);
    assertThat(choice.getString("finish_reason")).isEqualTo("stop");
    JsonObject message = choice.getJsonObject("message");
    assertThat(message.getString("content")).isEqualTo("hello friend");
    assertThat(message.getJsonArray("reasoning_items")).hasSize(1);
    assertThat(json.getJsonObject("usage").getInt("total_tokens")).isEqualTo(14);
    assertThat(header(answer, "X-Stream-Id")).isNotEmpty();
  }

  @Test
  void completion_hasOpenAisForm(Api api) throws Exception {
    String chunk =
        "data: {\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"text\":\"%s\",\"finish_reason\":%s}]}\n\n";
    String stream =
        chunk.formatted("one ", "null") + chunk.formatted("two", "\"length\"") + Chunks.DONE;
    api.lmStudio().enqueue("/v1/completions", Script.respondWithEvents(stream));
    api.lmStudio().enqueue("/v1/completions", Script.respondWithEvents(stream));

    String streamed =
        api.send(post(api, "completions", "{\"prompt\":\"count\",\"stream\":true}")).body();
    JsonObject whole = json(api.send(post(api, "completions", "{\"prompt\":\"count\"}")).body());

    assertThat(streamed).isEqualTo(stream);
    assertThat(whole.getString("object")).isEqualTo("text_completion");
    JsonObject choice = whole.getJsonArray("choices").getJsonObject(0);
    assertThat(choice.getString("text")).isEqualTo("one two");
    assertThat(choice.getString("finish_reason")).isEqualTo("length");
  }

  /** LM Studio 0.3.13 said stop, and agents would not run the tool. */
  @Test
  void toolCalls_endWithTheirFinishReason(Api api) throws Exception {
    String call =
        "{\"tool_calls\":[{\"index\":0,\"id\":\"7\",\"type\":\"function\","
            + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";
    api.chatStreams(Chunks.delta(call), Chunks.finish("stop"), Chunks.DONE);
    api.chatStreams(Chunks.delta(call), Chunks.finish("stop"), Chunks.DONE);

    assertThat(chat(api, STREAM).body())
        .contains("\"finish_reason\":\"tool_calls\"")
        .doesNotContain("\"stop\"");
    JsonObject choice = json(chat(api).body()).getJsonArray("choices").getJsonObject(0);
    assertThat(choice.getString("finish_reason")).isEqualTo("tool_calls");
    JsonObject tool = choice.getJsonObject("message").getJsonArray("tool_calls").getJsonObject(0);
    assertThat(tool.getJsonObject("function").getString("name")).isEqualTo("f");
    assertThat(tool.containsKey("index")).isFalse();
  }

  @Test
  void breakAfterText_endsWithAnErrorAndNeverWithDone(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    String text = Chunks.text("half an answ");
    api.chatAnswers(Script.respondWithEvents(text).thenReset());

    String stream = chat(api, STREAM).body();

    assertThat(stream).startsWith(text + "event: error\ndata: ");
    List<String> data = data(stream);
    assertThat(data).doesNotContain("[DONE]").hasSize(2);
    JsonObject last = json(data.getLast());
    assertThat(last.getJsonObject("error").getString("type")).isEqualTo("server_error");
    assertThat(last.keySet()).contains("id", "object", "created", "model", "choices");
    assertThat(api.lmStudio().generationsPosted() - posted).isEqualTo(1);
  }

  @Test
  void breakBeforeText_isRecovered(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.delta("{\"role\":\"assistant\"}")).thenReset());
    api.chatStreams(Chunks.text("whole"), Chunks.end());

    assertThat(chat(api, STREAM).body()).isEqualTo(Chunks.text("whole") + Chunks.end());
  }

  @Test
  void refusalOfLmStudio_hasOpenAisStatusAndForm(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWithJson(
            400, "{\"error\":{\"message\":\"no model\",\"code\":\"model_not_found\"}}"));
    HttpResponse<String> answer = chat(api, STREAM);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(error(answer).getString("code")).isEqualTo("model_not_found");
    assertThat(header(answer, "Content-Type")).startsWith("application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|messages",
        "{\"messages\":[]}|messages",
        "{\"messages\":[{\"role\":\"user\"}]}|messages[0].content",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"temperature\":3}|temperature",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream\":\"yes\"}|stream",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream_options\":1}|stream_options",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"x\":1e400}|x",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"seed\":1e400}|seed",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream\":null,\"x\":{\"y\":1e400}}|x.y",
        "[]|''",
      })
  void wrongField_is400WithItsName(String body, String param, Api api) throws Exception {
    HttpResponse<String> answer = api.send(post(api, CHAT, body));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer).getString("param", "")).isEqualTo(param);
    assertThat(error(answer).getString("type")).isEqualTo("invalid_request_error");
  }

  @Test
  void anonymousOrUnknown_isAnsweredInOpenAisForm(Api api) throws Exception {
    HttpResponse<String> anonymous =
        api.send(api.anonymous("v1/models").header("Accept", "application/json"));
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(error(anonymous).getString("code")).isEqualTo("invalid_api_key");

    HttpResponse<String> nothing = api.send(at(api, PayaraServer.ALICE, "nothing/here"));
    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(error(nothing).getString("code")).isEqualTo("unknown_url");

    HttpResponse<String> method = api.send(at(api, PayaraServer.ALICE, CHAT));
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(error(method).getString("type")).isEqualTo("invalid_request_error");
  }

  @Test
  void models_areListedAndFoundWithTheirSlashes(Api api) throws Exception {
    JsonObject list = json(api.send(at(api, PayaraServer.ALICE, "models")).body());
    assertThat(list.getString("object")).isEqualTo("list");
    JsonObject first = list.getJsonArray("data").getJsonObject(0);
    assertThat(first.keySet()).containsExactlyInAnyOrder("id", "object", "created", "owned_by");

    String id = first.getString("id");
    JsonObject one = json(api.send(at(api, PayaraServer.ALICE, "models/" + id)).body());
    assertThat(one).isEqualTo(first);

    for (String path : List.of("models/no/such", "models/no%2Fsuch")) {
      HttpResponse<String> none = api.send(at(api, PayaraServer.ALICE, path));
      assertThat(none.statusCode()).as(path).isEqualTo(404);
      assertThat(error(none).getString("code")).isEqualTo("model_not_found");
      assertThat(error(none).getString("message")).contains("'no/such'");
    }
  }

  /** Case 29: BerriAI/litellm#42426, ollama/ollama#6934. */
  @Test
  void embeddingsInBase64_areTheNumbersOfLmStudio(Api api) throws Exception {
    String upstream = text("29-door-embeddings-base64/upstream.json");
    String ask = text("29-door-embeddings-base64/request.json");
    api.lmStudio().enqueue("/v1/embeddings", Script.respondWithJson(200, upstream));
    JsonObject answer = json(api.send(post(api, "embeddings", ask)).body());
    assertThat(answer.getJsonArray("data").getJsonObject(0).getString("embedding"))
        .isEqualTo("AACAPwAAAD8AAAAA");

    api.lmStudio().enqueue("/v1/embeddings", Script.respondWithJson(200, upstream));
    JsonObject floats =
        json(api.send(post(api, "embeddings", ask.replace("base64", "float"))).body());
    assertThat(floats.getJsonArray("data").getJsonObject(0).getJsonArray("embedding"))
        .hasToString("[1.0,0.5,0.0]");

    HttpResponse<String> tokens =
        api.send(post(api, "embeddings", text("29-door-embeddings-base64/request-tokens.json")));
    assertThat(tokens.statusCode()).isEqualTo(400);
    assertThat(error(tokens).getString("param")).isEqualTo("input");
  }

  @Test
  void requestOfAnAgent_isSentOnAsLmStudioTakesIt(Api api) throws Exception {
    api.chatStreams(Chunks.text("fine"), Chunks.end());
    HttpResponse<String> answer =
        api.send(post(api, CHAT, text("35-door-kitchen-sink/request.json")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonObject sent = json(api.lmStudio().requests().getLast().bodyText());
    assertThat(sent.getInt("max_tokens")).isEqualTo(64);
    assertThat(sent.values()).doesNotContain(JsonValue.NULL);
  }

  /** The refusal comes before the body is read, and also for paths that do not exist. */
  @ParameterizedTest
  @ValueSource(strings = {"audio/transcriptions", "audio/speech", "audio/x", "images/generations"})
  void featureThatIsOff_is403(String path, Api api) throws Exception {
    HttpResponse<String> answer = api.send(Door.post(api, path, "{}"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(Door.error(answer).getString("code")).isEqualTo("feature_disabled");
    assertThat(api.send(api.anonymous("v1/" + path)).statusCode()).isEqualTo(401);
  }
}
