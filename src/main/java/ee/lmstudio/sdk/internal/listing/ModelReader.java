package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.LoadedInstance;
import ee.lmstudio.sdk.model.ModelCapabilities;
import ee.lmstudio.sdk.model.ModelCapabilities.Reasoning;
import ee.lmstudio.sdk.model.ModelDetails;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.sdk.model.ModelSummary.Metadata;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reads one model from the entry of each listing. An entry without an id is ignored. */
final class ModelReader {
  static final String V1 = "v1/models";
  static final String API_V0 = "api/v0/models";
  static final String API_V1 = "api/v1/models";

  private ModelReader() {}

  /**
   * Reads an entry of OpenAI's listing; the 0.2 family adds {@code metadata} and {@code status}.
   */
  static Optional<ModelSummary> v1(JsonObject json) {
    JsonObject meta = JsonText.object(json, "metadata");
    return JsonText.string(json, "id")
        .map(
            id ->
                new ModelSummary(
                    id,
                    JsonText.string(json, "owned_by"),
                    JsonText.moment(json, "created"),
                    JsonText.string(json, "type"),
                    JsonText.string(json, "state").or(() -> JsonText.string(json, "status")),
                    new Metadata(
                        JsonText.string(meta, "format"),
                        JsonText.string(meta, "family"),
                        JsonText.string(meta, "parameter_size"),
                        JsonText.string(meta, "quantization_level"),
                        JsonText.whole(meta, "context_length")),
                    new ModelDetails(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        ModelCapabilities.UNKNOWN,
                        List.of(),
                        Map.of(V1, json))));
  }

  /** Reads an entry of {@code /api/v0/models}, which exists since 0.3.6. */
  static Optional<ModelSummary> v0(JsonObject json) {
    Optional<String> type = JsonText.string(json, "type");
    OptionalLong most = JsonText.whole(json, "max_context_length");
    OptionalLong asLoaded = JsonText.whole(json, "loaded_context_length");
    ModelCapabilities capabilities =
        new ModelCapabilities(
            type.map("vlm"::equals),
            json.get("capabilities") instanceof JsonArray all
                ? Optional.of(texts(all).contains("tool_use"))
                : Optional.empty(),
            Optional.empty());
    return JsonText.string(json, "id")
        .map(
            id ->
                new ModelSummary(
                    id,
                    JsonText.string(json, "publisher"),
                    Optional.empty(),
                    type,
                    JsonText.string(json, "state"),
                    new Metadata(
                        JsonText.string(json, "compatibility_type"),
                        JsonText.string(json, "arch"),
                        Optional.empty(),
                        JsonText.string(json, "quantization"),
                        asLoaded.isPresent() ? asLoaded : most),
                    new ModelDetails(
                        Optional.empty(),
                        JsonText.string(json, "publisher"),
                        OptionalDouble.empty(),
                        OptionalLong.empty(),
                        most,
                        asLoaded,
                        capabilities,
                        List.of(),
                        Map.of(API_V0, json))));
  }

  /** Reads an entry of {@code /api/v1/models}, which exists since 0.4.0. */
  static Optional<ModelSummary> nativeV1(JsonObject json) {
    List<LoadedInstance> instances =
        JsonText.objects(json, "loaded_instances")
            .map(LoadedInstance::of)
            .flatMap(Optional::stream)
            .toList();
    OptionalLong asLoaded =
        instances.isEmpty() ? OptionalLong.empty() : instances.get(0).contextLength();
    OptionalLong most = JsonText.whole(json, "max_context_length");
    JsonObject quantization = JsonText.object(json, "quantization");
    return JsonText.string(json, "key")
        .map(
            id ->
                new ModelSummary(
                    id,
                    JsonText.string(json, "publisher"),
                    Optional.empty(),
                    JsonText.string(json, "type")
                        .map(t -> t.equals("embedding") ? "embeddings" : t),
                    Optional.of(instances.isEmpty() ? "not-loaded" : "loaded"),
                    new Metadata(
                        JsonText.string(json, "format"),
                        JsonText.string(json, "architecture"),
                        JsonText.string(json, "params_string"),
                        JsonText.string(quantization, "name"),
                        asLoaded.isPresent() ? asLoaded : most),
                    new ModelDetails(
                        JsonText.string(json, "display_name"),
                        JsonText.string(json, "publisher"),
                        JsonText.number(quantization, "bits_per_weight"),
                        JsonText.whole(json, "size_bytes"),
                        most,
                        asLoaded,
                        capabilities(JsonText.object(json, "capabilities")),
                        instances,
                        Map.of(API_V1, json))));
  }

  private static ModelCapabilities capabilities(JsonObject json) {
    JsonObject reasoning = JsonText.object(json, "reasoning");
    return new ModelCapabilities(
        JsonText.truth(json, "vision"),
        JsonText.truth(json, "trained_for_tool_use"),
        reasoning.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Reasoning(
                    reasoning.get("allowed_options") instanceof JsonArray all
                        ? texts(all)
                        : List.of(),
                    JsonText.string(reasoning, "default"))));
  }

  private static List<String> texts(JsonArray all) {
    return all.stream()
        .filter(JsonString.class::isInstance)
        .map(text -> ((JsonString) text).getString())
        .toList();
  }
}
