package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final String STREAM = ",\"stream\":true";
  private static final String TOOL =
      """
      ,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
      "properties":{"city":{"type":"string"},"unit":{"enum":["celsius","fahrenheit"]}}}}}]\
      """;

  private static String answer(String question, String more) {
    return Asking.text(Asking.byDefault().chat(question, more));
  }

  @Test
  void sameQuestion_hasTheSameAnswer() {
    String question = "Why is the sky blue?";
    assertThat(answer(question, "")).isEqualTo(answer(question, ""));
    assertThat(answer(question, STREAM)).isEqualTo(answer(question, ""));
    assertThat(answer(question, ",\"max_tokens\":5000,\"model\":\"sim-chat\""))
        .isEqualTo(answer(question, ""));
  }

  @Test
  void orderOfFieldsAndFormOfNumbers_changeNothing() {
    String one = answer("Why?", ",\"temperature\":0.7,\"top_p\":1.0");
    assertThat(answer("Why?", ",\"top_p\":1,\"temperature\":0.70")).isEqualTo(one);
  }

  @Test
  void otherQuestionSeedModelOrParameter_hasAnotherAnswer() {
    Set<String> answers = new HashSet<>();
    answers.add(answer("Why is the sky blue?", ""));
    answers.add(answer("Why is the sky grey?", ""));
    answers.add(answer("Why is the sky blue?", ",\"seed\":2"));
    answers.add(answer("Why is the sky blue?", ",\"seed\":3"));
    answers.add(answer("Why is the sky blue?", ",\"temperature\":0.1"));
    answers.add(answer("Why is the sky blue?", ",\"model\":\"sim-slow\""));
    answers.add(
        Asking.text(
            Asking.byDefault().header("X-Simulator-Seed", "9").chat("Why is the sky blue?", "")));
    assertThat(answers).hasSize(7);
  }

  @Test
  void seedOfTheRequest_goesBeforeTheSimulators() {
    assertThat(
            Asking.text(
                Asking.byDefault().header("X-Simulator-Seed", "9").chat("Why?", ",\"seed\":2")))
        .isEqualTo(answer("Why?", ",\"seed\":2"));
  }

  @Test
  void answers_takeWordsFromTheQuestion() {
    assertThat(answer("Explain photosynthesis to a gardener", ""))
        .containsAnyOf("photosynthesis", "gardener");
  }

  @Test
  void manyAnswers_haveAllKindsOfTextAndNoSlotLeft() {
    String all =
        IntStream.range(0, 200)
            .mapToObj(seed -> answer("Tell me about tea", ",\"seed\":" + seed))
            .collect(Collectors.joining("\n"));
    assertThat(all).doesNotContain("{key", "{noun", "{adj", "{verb", "{place", "{adv", "{quote");
    assertThat(all).contains("ß", "日本語", "👨‍👩‍👧‍👦", "```java", "\n- **", "é");
    assertThat(new HashSet<>(List.of(all.split("\\P{L}+"))).size()).isGreaterThan(300);
  }

  @Test
  void questionWithoutWords_isAnswered() {
    for (String question : List.of("", "?!", "🙂", "\\u0000")) {
      assertThat(answer(question, "")).hasSizeGreaterThan(50);
    }
  }

  @Test
  void wordsAskedFor_areAboutThatMany() {
    assertThat(answer("Write 500 words about tea", "").split("\\s+").length).isBetween(480, 650);
  }

  @Test
  void maxTokens_cutsWithFinishReasonLength() {
    SimulatorReply plain = Asking.byDefault().chat("Why?", ",\"max_tokens\":7");
    assertThat(Asking.choice(plain).getString("finish_reason")).isEqualTo("length");
    assertThat(Asking.json(plain).getJsonObject("usage").getInt("completion_tokens")).isEqualTo(7);
    assertThat(answer("Why?", "")).startsWith(Asking.text(plain)).isNotEqualTo(Asking.text(plain));
    assertThat(answer("Why?", ",\"max_tokens\":-1")).isEqualTo(answer("Why?", ""));
    SimulatorReply streamed = Asking.byDefault().chat("Why?", ",\"max_tokens\":7" + STREAM);
    assertThat(Asking.chunks(streamed)).hasSize(7 + 2);
    assertThat(Asking.body(streamed)).contains("\"finish_reason\":\"length\"");
  }

  @Test
  void stop_endsBeforeItsText() {
    Asking asking = Asking.byDefault().wantingText("one two three");
    for (String stop : List.of("\" three\"", "[\"x\",\" three\"]")) {
      SimulatorReply reply = asking.chat("hi", ",\"stop\":" + stop);
      assertThat(Asking.text(reply)).isEqualTo("one two");
      assertThat(Asking.choice(reply).getString("finish_reason")).isEqualTo("stop");
    }
  }

  @Test
  void requestedText_isReturnedUnchanged() {
    String text = "a\n\"b\" \\ ü 👩🏽‍🚀 漢字 \u0001 <script>";
    assertThat(Asking.text(Asking.byDefault().wantingText(text).chat("hi", STREAM)))
        .isEqualTo(text);
    assertThat(Asking.text(Asking.byDefault().wantingText("").chat("hi", STREAM))).isEmpty();
  }

  @Test
  void frames_areOneEventEachAndValidUtf8() {
    SimulatorReply reply = Asking.byDefault().wantingText("👨‍👩‍👧‍👦 日本語 é").chat("hi", STREAM);
    for (Frame frame : reply.frames()) {
      String event = new String(frame.bytes(), StandardCharsets.UTF_8);
      assertThat(event).startsWith("data: ").endsWith("\n\n").doesNotContain("\uFFFD");
      assertThat(event.substring(0, event.length() - 2)).doesNotContain("\n");
    }
  }

  @Test
  void timing_isTheFirstTokenDelayThen40TokensASecond() {
    SimulatorReply reply = Asking.byDefault().wantingText("a b c").chat("hi", STREAM);
    assertThat(reply.headAt()).isZero();
    assertThat(reply.frames())
        .extracting(frame -> frame.at().toMillis())
        .containsExactly(250L, 275L, 300L, 350L, 350L, 350L);
    SimulatorReply plain = Asking.byDefault().wantingText("a b c").chat("hi", "");
    assertThat(plain.headAt()).isEqualTo(Duration.ofMillis(350));
  }

  @Test
  void reasoning_comesFirstAndNoneSwitchesItOff() {
    SimulatorReply reply =
        Asking.byDefault().chat("Why is tea hot?", ",\"model\":\"sim-reasoner\"" + STREAM);
    List<JsonObject> deltas =
        Asking.chunks(reply).stream()
            .map(chunk -> chunk.getJsonArray("choices").getJsonObject(0).getJsonObject("delta"))
            .toList();
    assertThat(deltas.get(0)).containsOnlyKeys("role", "reasoning_content");
    assertThat(Asking.text(reply)).startsWith("\n\n");
    SimulatorReply off =
        Asking.byDefault()
            .chat("Why?", ",\"model\":\"sim-reasoner\",\"reasoning_effort\":\"none\"");
    assertThat(Asking.message(off).getString("reasoning_content")).isEmpty();
    assertThat(Asking.text(Asking.version("0.3.6").chat("Why?", ",\"model\":\"sim-reasoner\"")))
        .startsWith("<think>\n");
  }

  @Test
  void olderVersions_repeatTheRoleAndSendNoEmptyDelta() {
    for (String version : List.of("0.2.20", "0.3.x")) {
      List<JsonObject> chunks =
          Asking.chunks(Asking.version(version).wantingText("a b").chat("hi", STREAM));
      assertThat(chunks).hasSize(3);
      assertThat(chunks.get(1).getJsonArray("choices").getJsonObject(0).get("delta").toString())
          .isEqualTo("{\"role\":\"assistant\",\"content\":\" b\"}");
      assertThat(chunks.get(0).containsKey("system_fingerprint"))
          .isEqualTo(version.equals("0.3.x"));
    }
  }

  @Test
  void usageChunk_comesOnlyIfAskedForAndKnown() {
    String asked = STREAM + ",\"stream_options\":{\"include_usage\":true}";
    assertThat(Asking.body(Asking.byDefault().chat("hi", STREAM))).doesNotContain("usage");
    assertThat(Asking.body(Asking.byDefault().chat("hi", asked)))
        .contains("\"choices\":[],\"usage\"");
    assertThat(Asking.body(Asking.version("0.3.17").chat("hi", asked))).doesNotContain("usage");
    assertThat(Asking.body(Asking.version("0.2.18").chat("hi", asked))).doesNotContain("usage");
    assertThat(Asking.body(Asking.version("0.2.20").chat("hi", asked))).contains("\"usage\"");
  }

  @Test
  void tool_isCalledWhenTheQuestionAsksForItOnly() {
    JsonObject message =
        Asking.message(Asking.byDefault().chat("The weather in Paris in fahrenheit?", TOOL));
    assertThat(message.getString("content")).isEmpty();
    JsonObject call = message.getJsonArray("tool_calls").getJsonObject(0);
    assertThat(call.getString("id")).matches("\\d{9}");
    assertThat(call.getJsonObject("function").getString("arguments"))
        .isEqualTo("{\"city\":\"Paris\",\"unit\":\"fahrenheit\"}");
    for (String more : List.of(TOOL, TOOL + ",\"tool_choice\":\"none\"")) {
      String question = more.equals(TOOL) ? "Hello there" : "The weather in Paris?";
      assertThat(Asking.message(Asking.byDefault().chat(question, more)).getJsonArray("tool_calls"))
          .isEmpty();
    }
    assertThat(
            Asking.message(
                    Asking.byDefault().chat("Hello there", TOOL + ",\"tool_choice\":\"required\""))
                .getJsonArray("tool_calls"))
        .hasSize(1);
  }

  @Test
  void toolResult_isAnsweredInWords() {
    String body =
        """
        {"messages":[{"role":"user","content":"The weather in Paris?"},
         {"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},
         {"role":"tool","tool_call_id":"1","content":"18 degrees"}]%s}\
        """
            .formatted(TOOL);
    SimulatorReply reply = Asking.byDefault().post("/v1/chat/completions", body);
    assertThat(Asking.text(reply)).startsWith("The tool says: 18 degrees");
  }

  @Test
  void jsonSchema_isFollowedAndAReasoningModelPutsItAmongItsThoughts() {
    String schema =
        """
        ,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":
        {"type":"object","properties":{"score":{"type":"integer","minimum":3,"maximum":5},
        "tags":{"type":"array","items":{"type":"string"}},"ok":{"type":"boolean"}}}}}\
        """;
    JsonObject json = Asking.parsed(answer("Rate tea", schema));
    assertThat(json.getInt("score")).isBetween(3, 5);
    assertThat(json.getJsonArray("tags")).hasSize(2);
    assertThat(json.get("ok")).isIn(JsonValue.TRUE, JsonValue.FALSE);
    JsonObject message =
        Asking.message(Asking.byDefault().chat("Rate tea", schema + ",\"model\":\"sim-reasoner\""));
    assertThat(message.getString("content")).isEmpty();
    assertThat(Asking.parsed(message.getString("reasoning_content"))).containsKey("score");
  }

  private static String format(String schema) {
    return ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":"
        + schema
        + "}}";
  }

  @Test
  void structuredAnswer_isTheSameStreamedAndIsCutByMaxTokens() {
    String schema =
        format(
            "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"pattern\":"
                + "\"^[A-Z]{3}-\\\\d{4}$\"}},\"required\":[\"id\"]}");
    String whole = answer("Rate tea", schema);
    assertThat(Asking.parsed(whole).getString("id")).matches("[A-Z]{3}-\\d{4}");
    assertThat(answer("Rate tea", schema + STREAM)).isEqualTo(whole);
    for (String delivery : List.of("", STREAM)) {
      SimulatorReply cut =
          Asking.byDefault().chat("Rate tea", schema + ",\"max_tokens\":3" + delivery);
      assertThat(Asking.body(cut)).containsPattern("\"finish_reason\": ?\"length\"");
      assertThat(whole).startsWith(Asking.text(cut)).isNotEqualTo(Asking.text(cut));
    }
  }

  @Test
  void schemaWithoutValues_isRefusedAlsoIfStreamed() {
    SimulatorReply reply = Asking.byDefault().chat("hi", format("{\"enum\":[]}") + STREAM);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.streamed()).isFalse();
    assertThat(Asking.json(reply).getString("error"))
        .startsWith("'response_format.json_schema.schema' cannot be followed: none of the values");
    assertThat(Asking.byDefault().chat("hi", format("null")).status()).isEqualTo(400);
  }

  @Test
  void toolWithoutPossibleArguments_isRefusedWithItsName() {
    SimulatorReply reply =
        Asking.byDefault()
            .chat(
                "The weather?",
                TOOL.replace("{\"type\":\"string\"}", "{\"enum\":[]}")
                    .replace("\"properties\"", "\"required\":[\"city\"],\"properties\""));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.json(reply).getString("error"))
        .startsWith("The 'parameters' of tool 'get_weather' cannot be followed: city: none");
  }

  @Test
  void completion_streamsTheSameText() {
    SimulatorReply plain = Asking.byDefault().post("/v1/completions", "{\"prompt\":\"Tea is\"}");
    SimulatorReply streamed =
        Asking.byDefault()
            .post(
                "/v1/completions",
                "{\"prompt\":\"Tea"
                    + " is\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    String text =
        Asking.chunks(streamed).stream()
            .flatMap(chunk -> chunk.getJsonArray("choices").stream())
            .map(choice -> choice.asJsonObject().getString("text"))
            .collect(Collectors.joining());
    assertThat(text).isNotEmpty().isEqualTo(Asking.choice(plain).getString("text"));
    assertThat(Asking.body(streamed)).endsWith("data: [DONE]\n\n").contains("\"usage\"");
  }

  @Test
  void answerBeyondTheContext_endsWithLength() {
    List<SimulatedModel> tiny =
        List.of(new SimulatedModel("tiny", SimulatedModel.Kind.CHAT, Duration.ZERO, 30));
    SimulatorReply reply =
        new Asking(SimulatorSettings.defaults().withModels(tiny)).chat("Why is tea hot?", "");
    JsonObject usage = Asking.json(reply).getJsonObject("usage");
    assertThat(usage.getInt("total_tokens")).isEqualTo(30);
    assertThat(Asking.choice(reply).getString("finish_reason")).isEqualTo("length");
  }

  @Test
  void embeddings_areUnitVectorsAndCloseForLikeTexts() {
    SimulatorReply reply =
        Asking.byDefault()
            .post("/v1/embeddings", "{\"input\":[\"green tea\",\"black tea\",\"old bicycle\"]}");
    JsonObject json = Asking.json(reply);
    assertThat(json.keySet()).containsExactly("object", "data", "model", "usage");
    assertThat(json.getString("model")).isEqualTo("text-embedding-sim");
    List<double[]> vectors =
        json.getJsonArray("data").stream()
            .map(entry -> entry.asJsonObject().getJsonArray("embedding"))
            .map(v -> v.stream().mapToDouble(n -> Double.parseDouble(n.toString())).toArray())
            .toList();
    assertThat(product(vectors.get(0), vectors.get(0))).isBetween(0.999, 1.001);
    assertThat(product(vectors.get(0), vectors.get(1)))
        .isGreaterThan(product(vectors.get(0), vectors.get(2)) + 0.1);
  }

  private static double product(double[] left, double[] right) {
    return IntStream.range(0, left.length).mapToDouble(i -> left[i] * right[i]).sum();
  }
}
