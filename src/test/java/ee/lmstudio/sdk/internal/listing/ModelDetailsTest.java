package ee.lmstudio.sdk.internal.listing;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Recorded;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.LoadedInstance;
import ee.lmstudio.sdk.model.ModelCapabilities;
import ee.lmstudio.sdk.model.ModelDetails;
import ee.lmstudio.sdk.model.ModelSummary;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What LM Studio's own listings say beyond OpenAI's, from recorded and documented bodies. */
class ModelDetailsTest {
  private static JsonObject json(String text) {
    return JsonText.readObject(text).orElseThrow();
  }

  private static List<JsonObject> listed(String file, String field) {
    return JsonText.objects(json(Recorded.text(file)), field).toList();
  }

  private static List<JsonObject> documented() {
    return listed("doc-v1-models-MALFORMED-as-published.txt", "models");
  }

  @Test
  void nativeEntry_isReadWhole() {
    ModelSummary gemma = ModelReader.nativeV1(documented().get(0)).orElseThrow();
    ModelDetails details = gemma.details();
    assertThat(details.displayName()).hasValue("Gemma 4 26B A4B");
    assertThat(details.publisher()).hasValue("google");
    assertThat(details.bitsPerWeight()).hasValue(4);
    assertThat(details.sizeBytes()).hasValue(17990911801L);
    assertThat(details.maxContextLength()).hasValue(262144);
    assertThat(details.loadedContextLength()).hasValue(4096);
    assertThat(details.capabilities().vision()).hasValue(true);
    assertThat(details.capabilities().toolUse()).hasValue(true);
    ModelCapabilities.Reasoning reasoning = details.capabilities().reasoning().orElseThrow();
    assertThat(reasoning.options()).containsExactly("off", "on");
    assertThat(reasoning.byDefault()).hasValue("on");
    LoadedInstance instance = details.instances().get(0);
    assertThat(instance.id()).isEqualTo("google/gemma-4-26b-a4b");
    assertThat(instance.config().getInt("num_experts")).isEqualTo(8);
    assertThat(instance.remainingTtl()).isEmpty();
    assertThat(details.raw().get("api/v1/models").getString("selected_variant"))
        .as("a field without a place of its own")
        .isEqualTo("google/gemma-4-26b-a4b@q4_k_m");
  }

  @Test
  void embeddingEntry_lacksWhatEmbeddingsLack() {
    ModelDetails details = ModelReader.nativeV1(documented().get(2)).orElseThrow().details();
    assertThat(details.capabilities()).isEqualTo(ModelCapabilities.UNKNOWN);
    assertThat(details.instances()).isEmpty();
    assertThat(details.loadedContextLength()).isEmpty();
  }

  @Test
  void v0Entries_areReadWhole() {
    ModelDetails old =
        ModelReader.v0(listed("v0-models-list.json", "data").get(0)).orElseThrow().details();
    assertThat(old.maxContextLength()).hasValue(32768);
    assertThat(old.loadedContextLength()).hasValue(4096);
    assertThat(old.capabilities().toolUse()).as("0.3.13 does not say").isEmpty();
    assertThat(old.capabilities().vision()).hasValue(false);

    ModelDetails current =
        ModelReader.v0(listed("v0-models-0.4.24.json", "data").get(0)).orElseThrow().details();
    assertThat(current.capabilities().toolUse()).hasValue(true);
    assertThat(current.capabilities().vision()).hasValue(true);
    assertThat(current.raw()).containsOnlyKeys("api/v0/models");
  }

  @Test
  void mergedModel_hasTheRawJsonOfEveryEndpoint() {
    ModelSummary openAi =
        ModelReader.v1(json("{\"id\":\"m\",\"owned_by\":\"organization_owner\"}")).orElseThrow();
    ModelSummary v0 =
        ModelReader.v0(
                json(
                    "{\"id\":\"m\",\"type\":\"llm\",\"state\":\"loading\",\"publisher\":\"p\","
                        + "\"max_context_length\":9,\"capabilities\":[]}"))
            .orElseThrow();
    ModelSummary v1 =
        ModelReader.nativeV1(
                json(
                    """
                    {"key":"m","publisher":"q","display_name":"M","size_bytes":7,
                     "quantization":{"name":"Q4","bits_per_weight":4.5},
                     "capabilities":{"vision":true,"trained_for_tool_use":true,
                                     "reasoning":{"allowed_options":"odd"}},
                     "loaded_instances":[
                       {"id":"m","config":{},"remaining_ttl_seconds":90.5},{"no":"id"},3]}
                    """))
            .orElseThrow();
    ModelSummary all = ModelMerge.merge(ModelMerge.merge(openAi, v0), v1);
    assertThat(all.ownedBy()).hasValue("p");
    assertThat(all.state()).as("/api/v0 knows of loading").hasValue("loading");
    ModelDetails details = all.details();
    assertThat(details.publisher()).hasValue("p");
    assertThat(details.displayName()).hasValue("M");
    assertThat(details.bitsPerWeight()).hasValue(4.5);
    assertThat(details.capabilities().vision()).as("/api/v1 is surer").hasValue(true);
    assertThat(details.capabilities().toolUse()).hasValue(true);
    assertThat(details.capabilities().reasoning().orElseThrow().options()).isEmpty();
    assertThat(details.instances()).hasSize(1);
    assertThat(details.instances().get(0).remainingTtl()).hasValue(Duration.ofMillis(90_500));
    assertThat(details.instances().get(0).contextLength()).isEmpty();
    assertThat(details.raw()).containsOnlyKeys("v1/models", "api/v0/models", "api/v1/models");
    assertThat(ModelMerge.merge(v1, v0).details().instances()).hasSize(1);
    assertThat(ModelMerge.merge(v1, v0).details().bitsPerWeight()).hasValue(4.5);
  }
}
