package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.model.ModelCapabilities;
import ee.lmstudio.sdk.model.ModelDetails;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.sdk.model.ModelSummary.Metadata;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Merges the entries of one model in two listings: the earlier entry has precedence, and the later
 * entry fills in missing values.
 */
final class ModelMerge {
  private ModelMerge() {}

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
            either(x.contextLength(), y.contextLength())),
        merge(a.details(), b.details()));
  }

  /**
   * Returns whether the owner is a placeholder: current servers name {@code organization_owner} for
   * every model in OpenAI's listing.
   */
  private static boolean generic(ModelSummary model) {
    return model.ownedBy().filter(by -> by.startsWith("organization")).isPresent();
  }

  private static ModelDetails merge(ModelDetails a, ModelDetails b) {
    Map<String, JsonObject> raw = new LinkedHashMap<>(a.raw());
    raw.putAll(b.raw());
    return new ModelDetails(
        a.displayName().or(b::displayName),
        a.publisher().or(b::publisher),
        a.bitsPerWeight().isPresent() ? a.bitsPerWeight() : b.bitsPerWeight(),
        either(a.sizeBytes(), b.sizeBytes()),
        either(a.maxContextLength(), b.maxContextLength()),
        either(a.loadedContextLength(), b.loadedContextLength()),
        merge(a.capabilities(), b.capabilities()),
        a.instances().isEmpty() ? b.instances() : a.instances(),
        raw);
  }

  /**
   * Merges capabilities. {@code /api/v0} derives vision from the type, so that the value of {@code
   * /api/v1} has precedence.
   */
  private static ModelCapabilities merge(ModelCapabilities a, ModelCapabilities b) {
    return new ModelCapabilities(
        later(a.vision(), b.vision()),
        later(a.toolUse(), b.toolUse()),
        later(a.reasoning(), b.reasoning()));
  }

  private static <T> Optional<T> later(Optional<T> earlier, Optional<T> later) {
    return later.or(() -> earlier);
  }

  private static OptionalLong either(OptionalLong first, OptionalLong second) {
    return first.isPresent() ? first : second;
  }
}
