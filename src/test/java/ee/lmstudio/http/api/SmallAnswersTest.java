package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.HealthResource.Health;
import ee.lmstudio.http.api.HealthResource.HealthAnswer;
import ee.lmstudio.http.api.ModelsResource.ModelsAnswer;
import ee.lmstudio.json.RecordJson;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.upstreams.ModelCatalog;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The fields of the answers that JSON-B writes. */
class SmallAnswersTest {
  private static final Instant FETCHED = Instant.parse("2026-11-28T10:15:30.123456789Z");

  private static JsonObject json(Record answer) {
    return Api.json(RecordJson.write(answer));
  }

  private static JsonObject models(ModelSummary model, Optional<String> next) {
    return json(
        ModelsAnswer.of(
            new ModelCatalog.Listing(
                new ModelPage(List.of(model), next, Optional.of("0.4.2")), FETCHED, false),
            "r1"));
  }

  @Test
  void knownModel_hasEveryField() {
    ModelSummary known =
        new ModelSummary(
            "a/b",
            Optional.of("someone"),
            Optional.of(Instant.ofEpochSecond(1_700_000_000)),
            Optional.of("llm"),
            Optional.of("not-loaded"),
            new ModelSummary.Metadata(
                Optional.of("gguf"),
                Optional.of("qwen2"),
                Optional.of("7B"),
                Optional.of("Q4_K_M"),
                OptionalLong.of(4096)));
    assertThat(models(known, Optional.of("m1")))
        .isEqualTo(
            Api.json(
                """
                {"status":"success",
                 "data":[{"id":"a/b","object":"model","owned_by":"someone",
                   "created":"2023-11-14T22:13:20Z","status":"not-loaded","type":"llm",
                   "state":"not-loaded",
                   "metadata":{"format":"gguf","family":"qwen2","parameter_size":"7B",
                     "quantization_level":"Q4_K_M","context_length":4096}}],
                 "meta":{"request_id":"r1","stale":false,"next_cursor":"m1",
                   "fetched_at":"2026-11-28T10:15:30.123456789Z","lmstudio_version":"0.4.2"}}
                """));
  }

  @Test
  void unknownModel_hasOnlyItsId() {
    ModelSummary unknown =
        new ModelSummary(
            "m",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ModelSummary.Metadata.NONE);
    JsonObject answer = models(unknown, Optional.empty());
    assertThat(answer.getJsonArray("data").get(0))
        .isEqualTo(Api.json("{\"id\":\"m\",\"object\":\"model\"}"));
    assertThat(answer.getJsonObject("meta").get("next_cursor")).isEqualTo(JsonValue.NULL);
  }

  @Test
  void health_hasWhatLmStudioSays() {
    HealthStatus known =
        new HealthStatus(
            "ok",
            Optional.of("0.2.31"),
            DetectedBy.HEALTH,
            Optional.of("v1"),
            OptionalInt.of(2),
            Optional.of(Duration.ofMillis(90_061)),
            JsonValue.EMPTY_JSON_OBJECT);
    assertThat(
            json(
                new HealthAnswer(
                    Answers.SUCCESS,
                    Health.of(known, Map.of(Capability.CHAT, Support.YES)),
                    new Answers.Meta("r1"))))
        .isEqualTo(
            Api.json(
                """
                {"status":"success",
                 "data":{"status":"ok","lmstudio_version":"0.2.31","version_detected_by":"health",
                   "api_version":"v1","models_loaded":2,"uptime_ms":90061,
                   "capabilities":{"chat":"yes"}},
                 "meta":{"request_id":"r1"}}
                """));
  }

  @Test
  void healthWithoutDetails_hasStatusAndSource() {
    HealthStatus bare = HealthStatus.of(JsonValue.EMPTY_JSON_OBJECT);
    assertThat(
            json(new HealthAnswer(
                    Answers.SUCCESS, Health.of(bare, Map.of()), new Answers.Meta("r1")))
                .getJsonObject("data"))
        .isEqualTo(
            Api.json(
                "{\"status\":\"ok\",\"version_detected_by\":\"%s\",\"capabilities\":{}}"
                    .formatted(DetectedBy.UNKNOWN.id())));
  }
}
