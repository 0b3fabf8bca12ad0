package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DownloadsTest {
  private static final String MODEL = "ibm/granite-4-micro";

  private static JsonObject start(Asking asking, String model) {
    return Asking.json(asking.post("/api/v1/models/download", "{\"model\":\"" + model + "\"}"));
  }

  private static JsonObject status(Asking asking, String jobId, long millis) {
    return Asking.json(
        asking.at(
            Asking.NOW.plusMillis(millis), "GET", "/api/v1/models/download/status/" + jobId, ""));
  }

  @Test
  void download_hasTheDocumentedFields() throws IOException {
    Asking asking = Asking.byDefault();
    JsonObject started = start(asking, MODEL);
    JsonObject documented = Asking.parsed(Recordings.text("doc-v1-download.json"));
    assertThat(started.keySet()).containsExactlyElementsOf(documented.keySet());
    assertThat(started.getString("job_id")).hasSameSizeAs(documented.getString("job_id"));
    assertThat(started.getString("started_at")).isEqualTo("2026-09-28T12:00:00.000Z");
    assertThat(status(asking, started.getString("job_id"), 10_000).keySet())
        .containsExactlyElementsOf(
            Asking.parsed(Recordings.text("doc-v1-download-status.json")).keySet());
  }

  @Test
  void status_progressesWithTime() {
    Asking asking = Asking.byDefault().header("X-Simulator-Download-Ms", "1000");
    JsonObject started = start(asking, MODEL);
    String job = started.getString("job_id");
    long total = started.getJsonNumber("total_size_bytes").longValue();
    JsonObject half = status(asking, job, 500);
    assertThat(half.getString("status")).isEqualTo("downloading");
    assertThat(half.getJsonNumber("downloaded_bytes").longValue()).isEqualTo(total / 2);
    assertThat(half.getJsonNumber("bytes_per_second").longValue()).isEqualTo(total);
    assertThat(half.getString("estimated_completion")).isEqualTo("2026-09-28T12:00:01.000Z");
    JsonObject whole = status(asking, job, 1_000);
    assertThat(whole.getString("status")).isEqualTo("completed");
    assertThat(whole.getJsonNumber("downloaded_bytes").longValue()).isEqualTo(total);
    assertThat(whole.getString("completed_at")).isEqualTo("2026-09-28T12:00:01.000Z");
  }

  @Test
  void modelThatWasDownloaded_isListedLoadedAndAnswers() {
    Asking asking = Asking.byDefault().header("X-Simulator-Download-Ms", "1000");
    start(asking, "https://huggingface.co/" + MODEL);
    assertThat(Asking.body(asking.get("/v1/models"))).doesNotContain(MODEL);
    assertThat(Asking.body(asking.at(Asking.NOW.plusSeconds(1), "GET", "/api/v1/models", "")))
        .contains("\"key\": \"" + MODEL + "\"");
    SimulatorReply answer =
        asking.at(
            Asking.NOW.plusSeconds(1),
            "POST",
            "/v1/chat/completions",
            Asking.chatBody("hi", ",\"model\":\"" + MODEL + "\""));
    assertThat(Asking.json(answer).getString("model")).isEqualTo(MODEL);
    SimulatorReply again =
        asking.at(
            Asking.NOW.plusSeconds(1),
            "POST",
            "/api/v1/models/download",
            "{\"model\":\"" + MODEL + "\"}");
    assertThat(Asking.json(again).getString("status")).isEqualTo("already_downloaded");
  }

  @Test
  void modelThatIsThere_isAlreadyDownloadedAsRecorded() throws IOException {
    assertThat(start(Asking.byDefault(), "sim-chat"))
        .isEqualTo(Asking.parsed(Recordings.text("v1-native-download-already.json")));
  }

  @Test
  void sameModel_isDownloadedOnce() {
    Asking asking = Asking.byDefault();
    assertThat(start(asking, MODEL)).isEqualTo(start(asking, MODEL));
  }

  @Test
  void unknownJobAndMissingModel_areRefused() {
    Asking asking = Asking.byDefault();
    SimulatorReply unknown = asking.get("/api/v1/models/download/status/job_0");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(Asking.json(unknown).getJsonObject("error").getString("type"))
        .isEqualTo("job_not_found");
    assertThat(start(asking, "").getJsonObject("error").getString("param")).isEqualTo("model");
  }

  @Test
  void downloads_areLimited() {
    Downloads downloads = new Downloads();
    for (int i = 0; i < Downloads.MAX_DOWNLOADS; i++) {
      downloads.start("a/" + i, Duration.ofSeconds(1), Asking.NOW);
    }
    assertThatThrownBy(() -> downloads.start("b/c", Duration.ofSeconds(1), Asking.NOW))
        .hasMessageContaining("at most 100");
  }

  @Test
  void downloadTimeOfZero_isRefused() {
    SimulatorReply reply =
        Asking.byDefault()
            .header("X-Simulator-Download-Ms", "0")
            .post("/api/v1/models/download", "{\"model\":\"a/b\"}");
    assertThat(reply.status()).isEqualTo(400);
  }
}
