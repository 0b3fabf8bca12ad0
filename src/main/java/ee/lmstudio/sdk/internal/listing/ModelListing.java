package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All of LM Studio's model listings as one. */
public final class ModelListing {
  /**
   * The models of all surfaces that answered.
   *
   * @param anySurface whether one answered at all
   * @param version exact where a header or the listing said it, else by the surfaces
   */
  record Merged(List<ModelSummary> models, boolean anySurface, Optional<String> version) {}

  private final Surface surface;
  private final Optional<String> defaultModel;

  public ModelListing(Upstream upstream) {
    this.surface = new Surface(upstream);
    this.defaultModel = upstream.settings().defaultModel();
  }

  /** A page of the models that pass the filter, which real servers ignore. */
  public ModelPage list(ModelFilter filter, UpstreamCall call) {
    Merged merged = merged(call);
    List<ModelSummary> passed =
        merged.models().stream().filter(model -> passes(model, filter)).toList();
    int from = filter.cursor().map(ModelListing::position).orElse(0);
    int to = Math.min(passed.size(), from + filter.limit().orElse(passed.size()));
    List<ModelSummary> page = from >= to ? List.of() : passed.subList(from, to);
    Optional<String> next = to < passed.size() ? Optional.of("m" + to) : Optional.empty();
    return new ModelPage(page, next, merged.version());
  }

  private static boolean passes(ModelSummary model, ModelFilter filter) {
    return filter.ownedBy().map(by -> model.ownedBy().filter(by::equals).isPresent()).orElse(true)
        && filter.status().map(s -> model.state().filter(s::equals).isPresent()).orElse(true);
  }

  private static int position(String cursor) {
    if (!cursor.matches("m[0-9]{1,9}")) {
      throw ValidationException.of("cursor", "is none of ours; use next_cursor of the page before");
    }
    return Integer.parseInt(cursor.substring(1));
  }

  /** Which model answers when none is named: the default, else the only one that is loaded. */
  public String onlyLoaded(UpstreamCall call) {
    return defaultModel.orElseGet(() -> onlyLoaded(merged(call).models()));
  }

  private static String onlyLoaded(List<ModelSummary> all) {
    List<String> able =
        all.stream().filter(ModelSummary::generatesText).map(ModelSummary::id).toList();
    boolean statesKnown = all.stream().anyMatch(model -> model.state().isPresent());
    List<String> loaded =
        statesKnown
            ? all.stream()
                .filter(ModelSummary::generatesText)
                .filter(model -> model.state().filter("loaded"::equals).isPresent())
                .map(ModelSummary::id)
                .toList()
            : able;
    if (loaded.size() == 1) {
      return loaded.get(0);
    }
    throw ValidationException.of(
        "model",
        "is missing, and %s: name one of %s"
            .formatted(
                loaded.isEmpty() ? "no model is loaded" : loaded.size() + " models are loaded",
                able));
  }

  Merged merged(UpstreamCall call) {
    Surface.Found v1 = surface.get("v1/models", call);
    Optional<Surface.Found> v0 = surface.find("api/v0/models", call);
    Optional<Surface.Found> nativeV1 = surface.find("api/v1/models", call);
    Map<String, ModelSummary> byId = new LinkedHashMap<>();
    List<ModelSummary> all = new ArrayList<>(read(v1.json(), "data", ModelReader::v1));
    v0.ifPresent(found -> all.addAll(read(found.json(), "data", ModelReader::v0)));
    nativeV1.ifPresent(found -> all.addAll(read(found.json(), "models", ModelReader::nativeV1)));
    all.forEach(model -> byId.merge(model.id(), model, ModelReader::merge));
    return new Merged(List.copyOf(byId.values()), true, version(v1, v0, nativeV1));
  }

  private static Optional<String> version(
      Surface.Found v1, Optional<Surface.Found> v0, Optional<Surface.Found> nativeV1) {
    return v1.version()
        .or(() -> ModelReader.backendVersion(v1.json()))
        .or(() -> nativeV1.map(found -> "0.4.0+"))
        .or(() -> v0.map(found -> "0.3.6+"));
  }

  private static List<ModelSummary> read(
      JsonObject listing, String field, Function<JsonObject, Optional<ModelSummary>> reader) {
    List<ModelSummary> models = new ArrayList<>();
    if (listing.get(field) instanceof jakarta.json.JsonArray array) {
      for (var value : array) {
        if (value instanceof JsonObject model) {
          reader.apply(model).ifPresent(models::add);
        }
      }
    }
    return models;
  }
}
