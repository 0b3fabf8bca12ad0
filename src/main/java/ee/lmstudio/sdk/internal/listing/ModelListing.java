package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.detection.KnownServer;
import ee.lmstudio.sdk.internal.detection.Sighting;
import ee.lmstudio.sdk.internal.detection.Surface;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All of LM Studio's model listings as one. */
public final class ModelListing {
  /**
   * The models of all surfaces that answered.
   *
   * @param seen version: by header or metadata, else by the surfaces
   */
  record Merged(List<ModelSummary> models, Sighting seen) {}

  private final Surface surface;
  private final KnownServer server;
  private final Optional<String> defaultModel;

  public ModelListing(Upstream upstream, KnownServer server) {
    this.server = server;
    this.surface = new Surface(upstream);
    this.defaultModel = upstream.settings().defaultModel();
  }

  /** A page of the models that pass the filter, which real servers ignore. */
  public ModelPage list(ModelFilter filter, UpstreamCall call) {
    int from = filter.cursor().map(ModelListing::position).orElse(0);
    Merged merged = merged(call);
    server.saw(merged.seen());
    List<ModelSummary> passed =
        merged.models().stream().filter(model -> passes(model, filter)).toList();
    int to = Math.min(passed.size(), from + filter.limit().orElse(passed.size()));
    List<ModelSummary> page = from >= to ? List.of() : passed.subList(from, to);
    Optional<String> next = to < passed.size() ? Optional.of("m" + to) : Optional.empty();
    return new ModelPage(page, next, version(merged.seen()));
  }

  private Optional<String> version(Sighting seen) {
    return server
        .current()
        .flatMap(ServerCapabilities::version)
        .or(seen::version)
        .map(ServerVersion::toString);
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
    Surface.Found v1 = surface.get("v1/models", Set.of("data"), call);
    Optional<Surface.Found> v0 = surface.find("api/v0/models", Set.of("data"), call);
    Optional<Surface.Found> nativeV1 = surface.find("api/v1/models", Set.of("models"), call);
    Map<String, ModelSummary> byId = new LinkedHashMap<>();
    Stream.of(
            v1.objects("data").map(ModelReader::v1),
            v0.stream().flatMap(found -> found.objects("data")).map(ModelReader::v0),
            nativeV1.stream().flatMap(found -> found.objects("models")).map(ModelReader::nativeV1))
        .flatMap(models -> models.flatMap(Optional::stream))
        .forEach(model -> byId.merge(model.id(), model, ModelReader::merge));
    return new Merged(
        List.copyOf(byId.values()),
        Sighting.ofListing(v1).or(Sighting.ofSurfaces(nativeV1.isPresent(), v0.isPresent())));
  }
}
