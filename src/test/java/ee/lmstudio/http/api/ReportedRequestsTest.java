package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.error.ValidationException.Fault;
import ee.lmstudio.sdk.model.ChatRequest;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests from public bug reports, as the HTTP API and the SDK send them on. The reports are, by
 * folder in {@code cases}:
 *
 * <ul>
 *   <li>32: lmstudio-ai/lmstudio-bug-tracker#261, langchain4j/langchain4j#1958
 *   <li>34: lmstudio-ai/lmstudio-bug-tracker#670 and #2254
 *   <li>35: abetlen/llama-cpp-python#1907, symgraph/GhidrAssist#18
 *   <li>36: lmstudio-ai/lmstudio-bug-tracker#1752, NousResearch/hermes-agent#95229
 * </ul>
 */
class ReportedRequestsTest {
  private static final String NULL_CONTENT = "32-door-null-content/";
  private static final String TOOL_CHOICE = "34-door-tool-choice-object/";
  private static final String KITCHEN_SINK = "35-door-kitchen-sink/";
  private static final String PARTS = "36-door-content-parts/";

  private static JsonObject request(String name) {
    try (InputStream in = ReportedRequestsTest.class.getResourceAsStream("/cases/" + name);
        JsonReader reader = Json.createReader(in)) {
      return reader.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What LM Studio is sent by the SDK, and the same by the HTTP API. */
  private static JsonObject sent(String name) {
    JsonObject sent = ChatRequest.of(request(name)).toJson();
    JsonObject body = Json.createObjectBuilder(request(name)).remove("stream_options").build();
    assertThat(InferBody.of(body).request().toJson()).isEqualTo(sent);
    return sent;
  }

  private static JsonObject message(JsonObject sent, int index) {
    return sent.getJsonArray("messages").getJsonObject(index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"request.json", "request-infer.json"})
  void contentMissingBesideToolCalls_isSentAsEmptyText(String file) {
    JsonObject sent = sent(NULL_CONTENT + file);
    assertThat(message(sent, 1).get("content")).isEqualTo(Json.createValue(""));
    assertThat(message(sent, 1).getJsonArray("tool_calls"))
        .isEqualTo(message(request(NULL_CONTENT + file), 1).getJsonArray("tool_calls"));
    assertThat(message(sent, 2)).isEqualTo(message(request(NULL_CONTENT + file), 2));
  }

  @Test
  void namedToolChoice_isSentAsTheOnlyToolAndRequired() {
    JsonObject sent = sent(TOOL_CHOICE + "request.json");
    assertThat(sent.getString("tool_choice")).isEqualTo("required");
    assertThat(sent.getJsonArray("tools"))
        .containsExactly(request(TOOL_CHOICE + "request.json").getJsonArray("tools").get(0));
  }

  @Test
  void toolsWithoutASchema_getAnEmptyOne() {
    JsonObject body =
        Json.createObjectBuilder(request(TOOL_CHOICE + "request.json"))
            .remove("tool_choice")
            .build();
    JsonArray tools = InferBody.of(body).request().toJson().getJsonArray("tools");
    JsonValue empty =
        Json.createObjectBuilder()
            .add("type", "object")
            .add("properties", JsonValue.EMPTY_JSON_OBJECT)
            .build();
    assertThat(tools.getValuesAs(JsonObject.class).subList(1, 4))
        .allSatisfy(
            tool -> assertThat(tool.getJsonObject("function").get("parameters")).isEqualTo(empty));
  }

  @Test
  void everythingThatAnAgentSends_isSentWithoutNullsAndWithItsCap() {
    JsonObject sent = ChatRequest.of(request(KITCHEN_SINK + "request.json")).toJson();
    assertThat(sent.getInt("max_tokens")).isEqualTo(64);
    assertThat(sent.toString()).doesNotContain("null");
    assertThat(sent)
        .containsKeys("service_tier", "verbosity", "prompt_cache_key", "safety_identifier")
        .doesNotContainKeys("max_completion_tokens", "prediction", "stream", "stream_options");
    assertThat(message(sent, 2).getString("content")).isEqualTo("hello");
  }

  /** The HTTP API knows no OpenAI field that its page does not name; those go into extra. */
  @Test
  void everythingThatAnAgentSends_isNamedFieldByFieldOverHttp() {
    ApiError error =
        assertThatExceptionOfType(ApiException.class)
            .isThrownBy(() -> InferBody.of(request(KITCHEN_SINK + "request.json")))
            .actual()
            .error();
    assertThat(error.details())
        .extracting(ApiError.Detail::field)
        .containsExactlyInAnyOrder(
            "stream_options",
            "store",
            "service_tier",
            "verbosity",
            "prompt_cache_key",
            "safety_identifier",
            "modalities");
  }

  @Test
  void emptyListsAndNulls_areNotSent() {
    assertThat(sent(KITCHEN_SINK + "request-stop-empty.json"))
        .containsOnlyKeys("model", "messages", "tool_choice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request-audio.json",
        "request-audio-url.json",
        "request-file.json",
        "request-https-image.json",
        "request-good-image.json"
      })
  void partThatSomeVersionMayAccept_isSentAsItIs(String file) {
    assertThat(sent(PARTS + file)).isEqualTo(request(PARTS + file));
  }

  @Test
  void toolMessageInParts_isSentAsOneText() {
    assertThat(message(sent(PARTS + "request-tool-parts.json"), 2).getString("content"))
        .isEqualTo("line 1\nline 2");
  }

  @ParameterizedTest
  @CsvSource({
    "request-string-url.json, messages[0].content[1].image_url",
    "request-null-part.json,"
        + " messages[0].content[0] messages[0].content[1].text messages[0].content[2].type"
  })
  void partThatCanNeverBeRight_isRefusedWithItsPath(String file, String fields) {
    ApiError error =
        assertThatExceptionOfType(ApiException.class)
            .isThrownBy(() -> InferBody.of(request(PARTS + file)))
            .actual()
            .error();
    assertThat(error.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
    assertThat(
            error.details().stream().map(ApiError.Detail::field).collect(Collectors.joining(" ")))
        .isEqualTo(fields);
    assertThatExceptionOfType(ValidationException.class)
        .isThrownBy(() -> ChatRequest.of(request(PARTS + file)))
        .satisfies(
            e ->
                assertThat(e.faults().stream().map(Fault::field).collect(Collectors.joining(" ")))
                    .isEqualTo(fields));
  }
}
