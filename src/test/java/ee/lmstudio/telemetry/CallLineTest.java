package ee.lmstudio.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.CallRecord.Delivery;
import ee.lmstudio.sdk.CallRecord.Outcome;
import ee.lmstudio.sdk.CallRecord.Tokens;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CallLineTest {
  static final Instant START = Instant.parse("2026-11-22T10:15:30.123Z");

  static CallRecord chat(String model, String actor) {
    return new CallRecord(
        CallMethod.CREATE_CHAT_COMPLETION,
        START,
        Duration.ofMillis(812),
        Optional.of(Duration.ofMillis(140)),
        OptionalInt.of(200),
        2,
        1,
        4,
        Outcome.COMPLETED,
        Optional.empty(),
        Optional.of(model),
        Optional.of("alias"),
        Optional.of(new Tokens(12, 40, true)),
        new Delivery(41, Duration.ofMillis(400), Optional.of("stop"), Optional.of("break")),
        Optional.of(actor),
        Optional.of("r-17"));
  }

  static CallRecord failedListing() {
    return new CallRecord(
        CallMethod.LIST_MODELS,
        START,
        Duration.ofMillis(3),
        Optional.empty(),
        OptionalInt.empty(),
        0,
        0,
        2,
        Outcome.FAILED,
        Optional.of("upstream_unreachable"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Delivery.NONE,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void chatLine_hasAllKnownValues() {
    assertThat(CallLine.of("den", chat("qwen", "alice")))
        .isEqualTo(
            "{\"event\":\"lmstudio.call\",\"method\":\"createChatCompletion\","
                + "\"path\":\"/v1/chat/completions\",\"upstream\":\"den\",\"actor\":\"alice\","
                + "\"completion_tokens\":40,\"duration_ms\":812,\"first_token_ms\":140,"
                + "\"model\":\"qwen\",\"outcome\":\"completed\",\"prompt_tokens\":12,"
                + "\"request_id\":\"r-17\",\"retries\":1,"
                + "\"started_at\":\"2026-11-22T10:15:30.123Z\",\"status\":200,\"streams\":2,"
                + "\"tokens_synthesized\":true}");
  }

  @Test
  void unknownValues_areLeftOut() {
    assertThat(CallLine.of("den", failedListing()))
        .isEqualTo(
            "{\"event\":\"lmstudio.call\",\"method\":\"listModels\",\"path\":\"/v1/models\","
                + "\"upstream\":\"den\",\"duration_ms\":3,\"error_code\":\"upstream_unreachable\","
                + "\"outcome\":\"failed\",\"retries\":0,"
                + "\"started_at\":\"2026-11-22T10:15:30.123Z\",\"streams\":0}");
  }

  @Test
  void unusualCharactersInAName_stayOnOnePlainLine() {
    String odd = "a\r\nb\u001b[31m\u0085\u2028\u2029\u202e\u007f\"{}\\ \ud83d\ude00\udb40\udc01";
    String line = CallLine.of("den", chat(odd, odd));
    assertThat(line).doesNotContainPattern("[\\p{Cntrl}\\x7F-\\x9F\\u2028\\u2029\\p{Cf}]");
    try (JsonReader reader = Json.createReader(new StringReader(line))) {
      JsonObject json = reader.readObject();
      assertThat(json.getString("model")).isEqualTo(odd);
      assertThat(json.getString("actor")).isEqualTo(odd);
    }
  }
}
