package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.detection.JsonEndpoints;
import ee.lmstudio.sdk.internal.detection.KnownServer;
import ee.lmstudio.sdk.internal.detection.VersionEvidence;
import ee.lmstudio.sdk.internal.http.SingleFlight;
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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Merges all of LM Studio's model listings. */
public final class ModelListing {
  /**
   * Holds the models of all listings that answered.
   *
   * @param next cursor of the next page, if OpenAI's listing has pages and is the only listing; LM
   *     Studio's own listings have no pages
   * @param seen the version and its source
   */
  record Merged(List<ModelSummary> models, Optional<String> next, VersionEvidence seen) {}

  /** Identifies equal listings. The settings contain the key that LM Studio receives. */
  private record Question(String query, LmStudioSettings settings, Kind kind) {}

  /** The limits under which a listing runs. */
  enum Kind {
    /** Those of a plain call. */
    LIST,
    /** Those of a generation or an embedding that does not name its model. */
    CHOICE,
    /** Those of a health check: servers that are too old are asked, too. */
    HEALTH
  }

  /**
   * How many equal listings may run at a time. Callers that come meanwhile share the next one, so
   * that many callers cost LM Studio and the heap no more than this. Two, so that one listing that
   * hangs does not delay all others.
   */
  static final int AT_ONCE = 2;

  /** The known states of models. */
  private static final Set<String> STATES = Set.of("loaded", "loading", "not-loaded");

  private final JsonEndpoints endpoints;
  private final KnownServer server;
  private final Upstream upstream;
  private final LmStudioSettings settings;
  private final SingleFlight<Question, SingleFlight.Outcome<Merged>> flights;

  public ModelListing(Upstream upstream, KnownServer server) {
    this(upstream, server, SingleFlight.fresh(AT_ONCE));
  }

  private ModelListing(
      Upstream upstream,
      KnownServer server,
      SingleFlight<Question, SingleFlight.Outcome<Merged>> flights) {
    this.server = server;
    this.endpoints = new JsonEndpoints(upstream);
    this.upstream = upstream;
    this.settings = upstream.settings();
    this.flights = flights;
  }

  /** Returns the listing for a view. Callers of all views with equal settings share listings. */
  public ModelListing by(Upstream view) {
    return new ModelListing(view, server, flights);
  }

  /**
   * Returns a page of the models that pass the filter. The filter is also sent to the server, but
   * real servers ignore it.
   */
  public ModelPage list(ModelFilter filter, UpstreamCall call) {
    PageCursor at = filter.cursor().map(PageCursor::parse).orElse(PageCursor.START);
    Merged merged = shared(at.query(filter), Kind.LIST, call);
    server.saw(merged.seen());
    requireKnown(filter.status(), merged.models());
    List<ModelSummary> passed =
        merged.models().stream().filter(model -> passes(model, filter)).toList();
    int from = Math.min(at.position(), passed.size());
    int to = Math.min(passed.size(), from + filter.limit().orElse(passed.size()));
    Optional<String> next =
        to < passed.size()
            ? Optional.of(PageCursor.ours(to))
            : merged.next().map(PageCursor::theirs);
    return new ModelPage(passed.subList(from, to), next, version(merged.seen()));
  }

  /**
   * Refuses an unknown state, because the result would be an empty list that looks like an answer.
   */
  private static void requireKnown(Optional<String> status, List<ModelSummary> models) {
    SortedSet<String> states = new TreeSet<>(STATES);
    models.forEach(model -> model.state().ifPresent(states::add));
    status
        .filter(asked -> !states.contains(asked))
        .ifPresent(
            unknown -> {
              throw ValidationException.of(
                  "status",
                  "'%s' is not a state of a model; use one of %s"
                      .formatted(unknown, String.join(", ", states)));
            });
  }

  private Optional<String> version(VersionEvidence seen) {
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

  /**
   * Returns the model for a request that names none: the default, or else the only loaded model.
   */
  public String forText(UpstreamCall call) {
    return settings
        .defaultModel()
        .orElseGet(() -> UnnamedModel.forText(shared("", Kind.CHOICE, call).models()));
  }

  /**
   * Returns the model for an embedding request that names none: the default, or else the only one,
   * loaded or not.
   */
  public String forEmbeddings(UpstreamCall call) {
    return settings
        .defaultEmbeddingModel()
        .orElseGet(() -> UnnamedModel.forEmbeddings(shared("", Kind.CHOICE, call).models()));
  }

  /** Returns what one listing finds that begins now or later, for all who wait for it. */
  Merged shared(String query, Kind kind, UpstreamCall waiting) {
    // A caller that cancels before anything is sent must not cause a request.
    waiting.stop().throwIfStopped();
    return flights
        .join(
            new Question(query, settings, kind),
            waiting,
            () -> begin(kind),
            call -> SingleFlight.Outcome.of(call, listing -> merged(query, listing)))
        .forCall(waiting);
  }

  private UpstreamCall begin(Kind kind) {
    return switch (kind) {
      case LIST -> upstream.plain(CallMethod.LIST_MODELS);
      case CHOICE -> upstream.work(CallMethod.LIST_MODELS);
      case HEALTH -> upstream.probe(CallMethod.HEALTH_CHECK, settings.maxRetries());
    };
  }

  /**
   * @param query query for OpenAI's listing, including the question mark; may be empty
   */
  private Merged merged(String query, UpstreamCall call) {
    JsonEndpoints.Found v1 = endpoints.get(ModelReader.V1 + query, Set.of("data"), call);
    Optional<JsonEndpoints.Found> v0 = endpoints.find(ModelReader.API_V0, Set.of("data"), call);
    Optional<JsonEndpoints.Found> nativeV1 =
        endpoints.find(ModelReader.API_V1, Set.of("models"), call);
    Map<String, ModelSummary> byId = new LinkedHashMap<>();
    Stream.of(
            v1.objects("data").map(ModelReader::v1),
            v0.stream().flatMap(found -> found.objects("data")).map(ModelReader::v0),
            nativeV1.stream().flatMap(found -> found.objects("models")).map(ModelReader::nativeV1))
        .flatMap(models -> models.flatMap(Optional::stream))
        .forEach(model -> byId.merge(model.id(), model, ModelMerge::merge));
    return new Merged(
        List.copyOf(byId.values()),
        v0.isPresent() || nativeV1.isPresent() ? Optional.empty() : PageCursor.in(v1.json()),
        VersionEvidence.ofListing(v1)
            .or(VersionEvidence.ofEndpoints(nativeV1.isPresent(), v0.isPresent())));
  }
}
