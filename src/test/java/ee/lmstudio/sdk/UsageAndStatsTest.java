package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.delta;
import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.GenerationStats;
import ee.lmstudio.sdk.model.ServerStats;
import ee.lmstudio.sdk.model.Usage;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageAndStatsTest {
  /** {@link Canaries#PROMPT} is 18 bytes, so 5 tokens, and 4 for the message. */
  private static final int PROMPT = 9;

  private static Completion read(String stream) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      return lmStudio.answering(Script.respondWithEvents(stream)).chat().answer();
    }
  }

  private static String usage(String json) {
    return "data: {\"choices\":[],\"usage\":" + json + "}\n\n";
  }

  @Test
  void noUsage_isCountedAndEstimated() {
    String stream =
        delta("{\"reasoning\":\"hm\"}")
            + text("a")
            + text("b")
            + delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\"}}]}")
            + end();
    assertThat(read(stream).usage()).isEqualTo(new Usage(PROMPT, 3, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"prompt_tokens\":1}",
        "{\"prompt_tokens\":-1,\"completion_tokens\":2}",
        "{\"prompt_tokens\":1,\"completion_tokens\":99999999999}",
        "{\"prompt_tokens\":1.5,\"completion_tokens\":2}",
        "{\"prompt_tokens\":1e999999,\"completion_tokens\":2}",
        "{\"prompt_tokens\":\"1\",\"completion_tokens\":2}",
        "[]",
        "null"
      })
  void usageThatCannotBe_isOurs(String usage) {
    assertThat(read(text("a") + usage(usage) + end()).usage())
        .isEqualTo(new Usage(PROMPT, 1, true));
  }

  @Test
  void repeatedUsage_isTheLast() {
    String stream =
        text("a")
            + usage("{\"prompt_tokens\":1,\"completion_tokens\":1}")
            + text("b")
            + usage("{\"prompt_tokens\":1,\"completion_tokens\":2.0}")
            + end();
    assertThat(read(stream).usage()).isEqualTo(new Usage(1, 2, false));
  }

  @Test
  void tokensThatServerDidNotCount_makeNoNegativeSpeed() {
    String none = usage("{\"prompt_tokens\":0,\"completion_tokens\":0}");
    assertThat(read(text("a") + text("b") + none + end()).stats().tokensPerSecond()).isZero();
  }

  @Test
  void nothingShown_hasNoFirstToken() {
    GenerationStats stats = read(end()).stats();
    assertThat(stats.timeToFirstToken()).isEmpty();
    assertThat(stats.tokensPerSecond()).isZero();
    assertThat(stats.toJson()).doesNotContainKey("time_to_first_token_ms");
  }

  @Test
  void fieldsThatComeLate_areKept() {
    String late = "data: {\"choices\":[],\"timings\":{\"n\":%d},\"new_field\":7}\n\n";
    JsonObject raw = read(text("a") + late.formatted(1) + late.formatted(2) + end()).raw();
    assertThat(raw).containsKeys("timings", "new_field");
    assertThat(raw.getJsonObject("timings").getInt("n")).isEqualTo(2);

    StringBuilder many = new StringBuilder(text("a"));
    for (int i = 0; i < 300; i++) {
      many.append("data: {\"choices\":[],\"f%d\":0}\n\n".formatted(i));
    }
    assertThat(read(many + end()).raw()).containsKeys("f0", "f50").hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void statsOfTheServer_areBesideOurs() {
    GenerationStats stats =
        new GenerationStats(
            Optional.of(Duration.ofMillis(120)),
            Duration.ofSeconds(2),
            12.3456,
            new ServerStats(
                Json.createObjectBuilder()
                    .add("tokens_per_second", 99)
                    .add("stop_reason", "eosFound")
                    .add("nothing", JsonValue.NULL)
                    .build()));
    assertThat(stats.toJson().toString())
        .isEqualTo(
            "{\"time_to_first_token_ms\":120,\"duration_ms\":2000,\"tokens_per_second\":12.35,"
                + "\"stop_reason\":\"eosFound\"}");
  }
}
