package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.Recorded;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadRequestTest {
  private static JsonObject json(String text) {
    return JsonText.readObject(text).orElseThrow();
  }

  @Test
  void everySetting_goesOutAndComesBack() {
    LoadRequest request =
        LoadRequest.of("m")
            .withContextLength(1)
            .withEvalBatchSize(512)
            .withExperts(4)
            .withFlashAttention(false)
            .withKvCacheOnGpu(true)
            .with("new_one", JSON.createValue("x"));
    assertThat(request.toJson())
        .isEqualTo(
            json(
                """
                {"model":"m","context_length":1,"eval_batch_size":512,"num_experts":4,
                 "flash_attention":false,"offload_kv_cache_to_gpu":true,"new_one":"x",
                 "echo_load_config":true}
                """));
    assertThat(LoadRequest.of(request.toJson())).isEqualTo(request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|model",
        "{\"model\":\" \"}|model",
        "{\"model\":\"m\",\"context_length\":1.5}|context_length",
        "{\"model\":\"m\",\"eval_batch_size\":\"many\"}|eval_batch_size",
        "{\"model\":\"m\",\"num_experts\":true}|num_experts"
      })
  void wrongField_isNamed(String text, String field) {
    assertThatThrownBy(() -> LoadRequest.of(json(text)))
        .isInstanceOfSatisfying(
            ValidationException.class, e -> assertThat(e.faults().get(0).field()).isEqualTo(field));
  }

  /** llama.cpp, for example, reads 0 as the context of the model, and has "auto". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"context_length\":0,\"eval_batch_size\":-1}",
        "{\"num_experts\":null}",
        "{\"flash_attention\":\"auto\",\"offload_kv_cache_to_gpu\":0.5}"
      })
  void settingThatSomeServerMayTake_isSentUnchanged(String config) {
    assertThat(new LoadRequest("m", json(config)).toJson()).containsAllEntriesOf(json(config));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "echo_load_config"})
  void fieldThatTheRequestHas_isNoSetting(String name) {
    assertThatThrownBy(() -> LoadRequest.of("m").with(name, JsonValue.TRUE))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void answers_comeBackAsTheyWere() {
    for (String name : new String[] {"v1-native-load.json", "doc-v1-load.json"}) {
      JsonObject answer = json(Recorded.text(name));
      LoadedModel model = LoadedModel.of(answer).orElseThrow();
      assertThat(model.toJson().keySet()).isEqualTo(answer.keySet());
      assertThat(LoadedModel.of(model.toJson()).orElseThrow().config()).isEqualTo(model.config());
      assertThat(model.loadTime())
          .isEqualTo(LoadedModel.of(model.toJson()).orElseThrow().loadTime());
    }
    assertThat(LoadedModel.of(json("{}"))).isEmpty();
    assertThat(LoadedModel.of(json("{\"instance_id\":\"i\",\"load_time_seconds\":1e300}")))
        .hasValueSatisfying(model -> assertThat(model.loadTime()).isEmpty());
  }
}
