package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad requests get the exact error texts of LM Studio, also if they asked for a stream. */
class RefusalsTest {
  private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],";
  private static final String INVALID = "Invalid 'messages' in payload";
  private static final String NO_IMAGE = "'url' field must be a base64 encoded image.";

  static Stream<Arguments> badChats() {
    return Stream.of(
        Arguments.of("", "'messages' field is required"),
        Arguments.of("{\"stream\":true}", "'messages' field is required"),
        Arguments.of("{", "Invalid JSON: the body must be one JSON object"),
        Arguments.of("{} {}", "Invalid JSON: the body must be one JSON object"),
        Arguments.of("{\"a\":1} trailing", "Invalid JSON: the body must be one JSON object"),
        Arguments.of(" ", "Invalid JSON: the body must be one JSON object"),
        Arguments.of("7", "Invalid JSON: the body must be one JSON object"),
        Arguments.of("[]", "Invalid JSON: the body must be one JSON object"),
        Arguments.of("{\"messages\":{}}", INVALID),
        Arguments.of("{\"messages\":[]}", INVALID),
        Arguments.of("{\"messages\":[1]}", INVALID),
        Arguments.of("{\"messages\":[{\"role\":\"user\"}]}", INVALID),
        Arguments.of("{\"messages\":[{\"role\":\"user\",\"content\":7}]}", INVALID),
        Arguments.of("{\"messages\":[{\"role\":\"user\",\"content\":[{}]}]}", INVALID),
        Arguments.of(
            "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":\"\"}]}",
            INVALID),
        Arguments.of(
            "{\"messages\":[{\"role\":\"developer\",\"content\":\"x\"}]}",
            "'messages' array must only contain objects with a 'role' field that is in [user,"
                + " assistant, system, tool]. Got 'developer'"),
        Arguments.of(image("http://example.com/x.png"), NO_IMAGE),
        Arguments.of(image("data:image/webp;base64,AAAA"), NO_IMAGE),
        Arguments.of(
            HI + "\"response_format\":{\"type\":\"json_object\"},\"stream\":true}",
            "'response_format.type' must be 'json_schema' or 'text'"),
        Arguments.of(
            HI + "\"tool_choice\":{\"type\":\"function\"}}",
            "Invalid tool_choice type: 'object'. Supported string values: none, auto, required"));
  }

  private static String image(String url) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
        + "{\"url\":\""
        + url
        + "\"}}]}]}";
  }

  @ParameterizedTest
  @MethodSource("badChats")
  void badChat_isRefusedInPlainJson(String body, String message) {
    SimulatorReply reply = Asking.byDefault().post("/v1/chat/completions", body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.streamed()).isFalse();
    assertThat(reply.headers()).containsEntry("Content-Type", "application/json; charset=utf-8");
    assertThat(Asking.body(reply)).isEqualTo("{\"error\":" + JsonStringifier.quoted(message) + "}");
  }

  @Test
  void byteOrderMark_isIgnored() {
    SimulatorReply reply =
        Asking.byDefault().post("/v1/chat/completions", "\uFEFF" + HI + "\"seed\":1}\r\n");
    assertThat(reply.status()).isEqualTo(200);
  }

  @Test
  void unknownReasoningEffort_isRefused() {
    SimulatorReply reply =
        Asking.byDefault().chat("hi", ",\"reasoning_effort\":\"off\",\"stream\":true");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.json(reply).getString("error")).contains("reasoning_effort", "'off'");
  }

  @Test
  void imageAsDataUri_isRead() {
    SimulatorReply reply =
        Asking.byDefault().post("/v1/chat/completions", image("data:image/png;base64,AAAA"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(Asking.json(reply).getJsonObject("usage").getInt("prompt_tokens"))
        .isGreaterThan(256);
  }

  @Test
  void completionWithoutPrompt_isRefused() {
    assertThat(Asking.body(Asking.byDefault().post("/v1/completions", "{}")))
        .isEqualTo("{\"error\":\"'prompt' field is required\"}");
  }

  @Test
  void embeddingOfTokens_isRefused() {
    assertThat(Asking.body(Asking.byDefault().post("/v1/embeddings", "{\"input\":[1,2]}")))
        .isEqualTo("{\"error\":\"'input' field must be a string or an array of strings\"}");
  }

  @Test
  void contextOverflow_isAStringWhenPlainAndAnEventWhenStreamed() {
    String question = "x".repeat(4 * 8192);
    String message =
        "The number of tokens to keep from the initial prompt is greater than the context length"
            + " (n_keep: 8199 >= n_ctx: 8192). Try to load the model with a larger context length,"
            + " or provide a shorter input.";
    SimulatorReply plain = Asking.byDefault().chat(question, "");
    assertThat(plain.status()).isEqualTo(400);
    assertThat(Asking.body(plain)).isEqualTo("{\"error\":\"" + message + "\"}");
    SimulatorReply streamed = Asking.byDefault().chat(question, ",\"stream\":true");
    assertThat(streamed.status()).isEqualTo(200);
    assertThat(Asking.body(streamed))
        .isEqualTo(
            "event: error\ndata: {\"error\":{\"message\":\"%1$s\"},\"message\":\"%1$s\"}\n\n"
                .formatted(message));
    assertThat(Asking.body(Asking.version("0.3.x").chat(question, "")))
        .contains("Trying to keep the first 8199 tokens when context the overflows.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/audio/speech|application/json|{}|'input' field is required",
        "/v1/images/generations|application/json|{}|'prompt', 'n'",
        "/v1/images/generations|application/json|{\"prompt\":\"x\",\"n\":11}|'prompt', 'n'",
        "/v1/images/generations|application/json|{\"prompt\":\"x\",\"size\":\"big\"}|'prompt', 'n'",
        "/v1/audio/transcriptions|application/json|{}|must be multipart/form-data",
        "/v1/audio/transcriptions|multipart/form-data; boundary=b|--b|Unexpected end of form",
        "/v1/audio/translations|multipart/form-data; boundary=b|--b--|'file' field is required"
      })
  void mediaRequestThatIsWrong_isRefused(String path, String type, String body, String says) {
    Asking asking = Asking.version("0.2.21").header("Content-Type", type);
    SimulatorReply reply = asking.post(path, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Asking.body(reply)).contains(says);
  }

  /** Signs within a text are not values. */
  @Test
  void moreValuesThanAllowed_areRefused() {
    SimulatorReply wide =
        Asking.byDefault().post("/v1/chat/completions", "{\"x\":[" + "0,".repeat(400_000) + "0]}");
    assertThat(wide.status()).isEqualTo(413);
    assertThat(Asking.body(wide)).isEqualTo("{\"error\":\"The body has more than 400000 values\"}");
    assertThat(Asking.byDefault().chat("\\\",[{:".repeat(2000), "").status()).isEqualTo(200);
  }
}
