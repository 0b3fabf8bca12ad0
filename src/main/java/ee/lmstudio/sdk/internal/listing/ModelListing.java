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
import java.time.Duration;
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
   * @param query the query that OpenAI's listing got
   * @param next cursor of the next page, if OpenAI's listing has pages and is the only listing; LM
   *     Studio's own listings have no pages
   * @param seen the version and its source
   */
  record Merged(
      String query, List<ModelSummary> models, Optional<String> next, VersionEvidence seen) {}

  /**
   * Identifies listings that callers can share.
   *
   * @param query the query of the listing; empty for a listing of all models
   * @param settings contain the key that LM Studio receives
   * @param refusable whether the listing fails if the server is too old; false for health checks
   * @param retries how often a request may be sent again
   */
  private record Question(String query, LmStudioSettings settings, boolean refusable, int retries) {
    /**
     * Returns the group of listings that have a common limit. Made-up cursors must not delay other
     * listings, and a health check must not wait for listings that hang.
     */
    Object line() {
      return List.of(query.isEmpty(), refusable);
    }
  }

  /**
   * Maximum number of listings of one group that run at a time. Callers that come meanwhile share
   * the next one, so that many callers cost LM Studio and the heap no more than this. Two, so that
   * one listing that hangs does not delay all others.
   */
  static final int AT_ONCE = 2;

  /** How many run at a time if callers have waited for {@link #PATIENCE}. */
  static final int AT_MOST = 4;

  /**
   * How long a caller waits before its listing may use one of the additional places ({@link
   * #AT_MOST}). This is longer than a listing usually takes: after a fault of the network, the
   * running listings can hang although LM Studio works again.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The known states of models. */
  private static final Set<String> STATES = Set.of("loaded", "loading", "not-loaded");

  private final JsonEndpoints endpoints;
  private final KnownServer server;
  private final Upstream upstream;
  private final LmStudioSettings settings;
  private final SingleFlight<Question, Merged> flights;

  /**
   * @param patience how long callers wait before their listing may use an additional place; zero:
   *     it never may
   */
  public ModelListing(Upstream upstream, KnownServer server, Duration patience) {
    this(upstream, server, SingleFlight.fresh(Question::line, AT_ONCE, AT_MOST, patience));
  }

  private ModelListing(
      Upstream upstream, KnownServer server, SingleFlight<Question, Merged> flights) {
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
   * Returns a page of the models that pass the filter. The filter is sent to the server if the
   * listing is for this caller alone, or if the server has pages. LM Studio ignores it, so the SDK
   * always applies the filter itself.
   */
  public ModelPage list(ModelFilter filter, UpstreamCall call) {
    PageCursor at = filter.cursor().map(PageCursor::parse).orElse(PageCursor.START);
    Merged merged = queried(at.query(filter), at, call);
    server.saw(merged.seen());
    requireKnown(filter.status(), merged.models());
    List<ModelSummary> passed = merged.models().stream().filter(filter::selects).toList();
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

  /**
   * Returns the model for a request that names none: the default, or else the only loaded model.
   */
  public String forText(UpstreamCall call) {
    return settings.defaultModel().orElseGet(() -> UnnamedModel.forText(all(call).models()));
  }

  /**
   * Returns the model for an embedding request that names none: the default, or else the only one,
   * loaded or not.
   */
  public String forEmbeddings(UpstreamCall call) {
    return settings
        .defaultEmbeddingModel()
        .orElseGet(() -> UnnamedModel.forEmbeddings(all(call).models()));
  }

  /** Returns all models, from a listing that begins now or later. */
  Merged all(UpstreamCall waiting) {
    return shared("", "", waiting);
  }

  /**
   * Returns the listing for a query, or a listing of all models. If the server has pages, its
   * cursor belongs to one query, so a listing of all models cannot replace that of the query.
   */
  private Merged queried(String query, PageCursor at, UpstreamCall waiting) {
    if (at.theirs().isEmpty()) {
      Merged found = shared("", query, waiting);
      if (found.next().isEmpty() || found.query().equals(query)) {
        return found;
      }
    }
    return shared(query, query, waiting);
  }

  /**
   * Returns the result of a listing that begins now or later, under the limits of the waiting call.
   *
   * @param query the query of a listing that callers share
   * @param alone the query of a listing for this caller alone
   */
  private Merged shared(String query, String alone, UpstreamCall waiting) {
    // A caller that cancels before anything is sent must not cause a request.
    waiting.stop().throwIfStopped();
    // The first-token limit applies while this call waits for the listing.
    waiting.limits().posted();
    try {
      return flights.join(
          new Question(query, settings, waiting.refusable(), waiting.retriesLeft()),
          waiting,
          () -> upstream.partOf(waiting, CallMethod.LIST_MODELS),
          call -> merged(alone, call),
          call -> merged(query, call));
    } finally {
      waiting.limits().nothingAwaited();
    }
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
        query,
        List.copyOf(byId.values()),
        v0.isPresent() || nativeV1.isPresent() ? Optional.empty() : PageCursor.in(v1.json()),
        VersionEvidence.ofListing(v1)
            .or(VersionEvidence.ofEndpoints(nativeV1.isPresent(), v0.isPresent())));
  }
}
