package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.sdk.model.ModelSummary.Metadata;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one model as each surface writes it. What has no id is no model. */
final class ModelReader {
  private ModelReader() {}

  /** OpenAI's listing; the 0.2 family adds {@code metadata} and {@code status}. */
  static Optional<ModelSummary> v1(JsonObject json) {
    JsonObject meta = JsonText.object(json, "metadata");
    OptionalLong created = JsonText.whole(json, "created");
    return JsonText.string(json, "id")
        .map(
            id ->
                new ModelSummary(
                    id,
                    JsonText.string(json, "owned_by"),
                    created.isPresent() ? instant(created.getAsLong()) : Optional.empty(),
                    JsonText.string(json, "type"),
                    JsonText.string(json, "state").or(() -> JsonText.string(json, "status")),
                    new Metadata(
                        JsonText.string(meta, "format"),
                        JsonText.string(meta, "family"),
                        JsonText.string(meta, "parameter_size"),
                        JsonText.string(meta, "quantization_level"),
                        JsonText.whole(meta, "context_length"))));
  }

  /** Empty for what is beyond every calendar, such as milliseconds taken for seconds twice. */
  private static Optional<Instant> instant(long epochSecond) {
    return epochSecond > Instant.MAX.getEpochSecond() || epochSecond < Instant.MIN.getEpochSecond()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(epochSecond));
  }

  /** {@code /api/v0/models}, since 0.3.6. */
  static Optional<ModelSummary> v0(JsonObject json) {
    return JsonText.string(json, "id")
        .map(
            id ->
                new ModelSummary(
                    id,
                    JsonText.string(json, "publisher"),
                    Optional.empty(),
                    JsonText.string(json, "type"),
                    JsonText.string(json, "state"),
                    new Metadata(
                        JsonText.string(json, "compatibility_type"),
                        JsonText.string(json, "arch"),
                        Optional.empty(),
                        JsonText.string(json, "quantization"),
                        firstOf(json, "loaded_context_length", "max_context_length"))));
  }

  /** {@code /api/v1/models}, since 0.4.0. */
  static Optional<ModelSummary> nativeV1(JsonObject json) {
    Optional<JsonObject> loaded = firstLoaded(json);
    OptionalLong asLoaded =
        JsonText.whole(
            JsonText.object(loaded.orElse(JsonValue.EMPTY_JSON_OBJECT), "config"),
            "context_length");
    return JsonText.string(json, "key")
        .map(
            id ->
                new ModelSummary(
                    id,
                    JsonText.string(json, "publisher"),
                    Optional.empty(),
                    JsonText.string(json, "type")
                        .map(t -> t.equals("embedding") ? "embeddings" : t),
                    Optional.of(loaded.isPresent() ? "loaded" : "not-loaded"),
                    new Metadata(
                        JsonText.string(json, "format"),
                        JsonText.string(json, "architecture"),
                        JsonText.string(json, "params_string"),
                        JsonText.string(JsonText.object(json, "quantization"), "name"),
                        asLoaded.isPresent()
                            ? asLoaded
                            : JsonText.whole(json, "max_context_length"))));
  }

  private static Optional<JsonObject> firstLoaded(JsonObject json) {
    return json.get("loaded_instances") instanceof JsonArray instances
            && !instances.isEmpty()
            && instances.get(0) instanceof JsonObject first
        ? Optional.of(first)
        : Optional.empty();
  }

  /** One model from two surfaces: the earlier one's word stands, the later one's fills gaps. */
  static ModelSummary merge(ModelSummary a, ModelSummary b) {
    Metadata x = a.metadata();
    Metadata y = b.metadata();
    return new ModelSummary(
        a.id(),
        b.ownedBy().filter(by -> generic(a)).or(a::ownedBy).or(b::ownedBy),
        a.created().or(b::created),
        a.type().or(b::type),
        a.state().or(b::state),
        new Metadata(
            x.format().or(y::format),
            x.family().or(y::family),
            x.parameterSize().or(y::parameterSize),
            x.quantizationLevel().or(y::quantizationLevel),
            x.contextLength().isPresent() ? x.contextLength() : y.contextLength()));
  }

  /** Current servers own every model to {@code organization_owner} in OpenAI's listing. */
  private static boolean generic(ModelSummary model) {
    return model.ownedBy().filter(by -> by.startsWith("organization")).isPresent();
  }

  private static OptionalLong firstOf(JsonObject json, String first, String second) {
    OptionalLong value = JsonText.whole(json, first);
    return value.isPresent() ? value : JsonText.whole(json, second);
  }
}
