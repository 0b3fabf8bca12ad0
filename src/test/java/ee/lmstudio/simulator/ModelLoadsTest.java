package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelLoadsTest {

  private static SimulatorReply load(Asking asking, String model, String moreFields) {
    return asking.post("/api/v1/models/load", "{\"model\":\"%s\"%s}".formatted(model, moreFields));
  }

  private static JsonObject instance(Asking asking, int model) {
    return Asking.json(asking.get("/api/v1/models"))
        .getJsonArray("models")
        .getJsonObject(model)
        .getJsonArray("loaded_instances")
        .getJsonObject(0)
        .getJsonObject("config");
  }

  @Test
  void load_hasTheRecordedFieldsAndAnswersWhenTheModelIsLoaded() throws IOException {
    SimulatorReply reply = load(Asking.byDefault(), "sim-slow", "");
    assertThat(reply.headAt()).isEqualTo(Duration.ofSeconds(8));
    assertThat(Asking.json(reply).keySet())
        .containsExactlyElementsOf(Asking.parsed(Recordings.text("v1-native-load.json")).keySet());
  }

  @Test
  void configuration_isEchoedAsDocumentedAndListed() throws IOException {
    Asking asking = Asking.byDefault();
    JsonObject documented =
        Asking.parsed(Recordings.text("doc-v1-load.json")).getJsonObject("load_config");
    JsonObject config =
        Asking.json(
                load(
                    asking,
                    "sim-chat",
                    ",\"context_length\":4096,\"flash_attention\":false,\"num_experts\":4,"
                        + "\"echo_load_config\":true"))
            .getJsonObject("load_config");
    Set<String> fields = new HashSet<>(documented.keySet());
    fields.add("parallel");
    assertThat(config.keySet()).isEqualTo(fields);
    assertThat(config.getInt("context_length")).isEqualTo(4096);
    assertThat(config.getBoolean("flash_attention")).isFalse();
    assertThat(instance(asking, 0)).isEqualTo(config);
  }

  @Test
  void contextLength_limitsThePromptUntilTheModelIsUnloaded() {
    Asking asking = Asking.byDefault();
    String question = "word ".repeat(200);
    load(asking, "sim-chat", ",\"context_length\":100");
    assertThat(Asking.body(asking.chat(question, ""))).contains("n_ctx: 100");
    assertThat(Asking.json(asking.get("/api/v0/models/sim-chat")).getInt("loaded_context_length"))
        .isEqualTo(100);
    asking.post("/api/v1/models/unload", "{\"instance_id\":\"sim-chat\"}");
    assertThat(asking.chat(question, "").status()).isEqualTo(200);
  }

  @Test
  void contextLengthBeyondTheModels_isCut() {
    Asking asking = Asking.byDefault();
    load(asking, "sim-chat", ",\"context_length\":100000000000");
    assertThat(instance(asking, 0).getInt("context_length")).isEqualTo(8192);
  }

  @Test
  void unload_answersAsDocumented() throws IOException {
    SimulatorReply reply =
        Asking.byDefault().post("/api/v1/models/unload", "{\"instance_id\":\"sim-chat\"}");
    assertThat(Asking.json(reply).keySet())
        .isEqualTo(Asking.parsed(Recordings.text("doc-v1-unload.json")).keySet());
  }

  @Test
  void unknownModelAndModelThatIsNotLoaded_areRefused() {
    Asking asking = Asking.byDefault();
    assertThat(load(asking, "none", "").status()).isEqualTo(400);
    assertThat(asking.post("/api/v1/models/unload", "{\"instance_id\":\"sim-slow\"}").status())
        .isEqualTo(400);
  }
}
