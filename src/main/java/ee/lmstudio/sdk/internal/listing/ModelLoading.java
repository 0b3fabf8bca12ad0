package ee.lmstudio.sdk.internal.listing;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.detection.Surface;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.SingleFlight;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.LoadedInstance;
import ee.lmstudio.sdk.model.LoadedModel;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Loads and unloads models. LM Studio loads a second instance if it is asked twice, at the same
 * time or later; so a model is loaded by one request at a time, and not if it is as asked already.
 */
public final class ModelLoading {
  /** What came of one request, for all who made the same. */
  private record Outcome(
      LoadRequest request, LoadedModel loaded, LmStudioException failure, OptionalInt status) {}

  private final Upstream upstream;
  private final Surface surface;
  private final SingleFlight<String, Outcome> flights;

  public ModelLoading(Upstream upstream) {
    this(upstream, new SingleFlight<>());
  }

  private ModelLoading(Upstream upstream, SingleFlight<String, Outcome> flights) {
    this.upstream = upstream;
    this.surface = new Surface(upstream);
    this.flights = flights;
  }

  /** The same for a view: who wants a model waits for whoever loads it, in whichever view. */
  public ModelLoading by(Upstream view) {
    return new ModelLoading(view, flights);
  }

  /**
   * Loads a model, or waits until somebody else has.
   *
   * @param waiting the call that wants it; the load itself goes on without it if others wait
   */
  public LoadedModel load(LoadRequest request, UpstreamCall waiting) {
    waiting.require(Capability.MODEL_LOAD);
    while (true) {
      Outcome outcome =
          flights.join(
              request.model(),
              waiting,
              () -> upstream.workOnce(CallMethod.LOAD_MODEL),
              call -> attempt(request, call));
      // Else somebody loaded the same model in another way: what is there now is looked at anew.
      if (outcome.request().equals(request)) {
        waiting.answeredFor(outcome.status());
        if (outcome.failure() != null) {
          throw outcome.failure();
        }
        return outcome.loaded();
      }
    }
  }

  private Outcome attempt(LoadRequest request, UpstreamCall call) {
    try {
      LoadedModel model = alreadyLoaded(request, call).orElseGet(() -> post(request, call));
      return new Outcome(request, model, null, call.status(false));
    } catch (LmStudioException failure) {
      return new Outcome(request, null, failure, call.status(true));
    }
  }

  private Optional<LoadedModel> alreadyLoaded(LoadRequest request, UpstreamCall call) {
    return call.send(
            Capability.NATIVE_MODEL_LIST,
            () -> surface.read("api/v1/models", Set.of("models"), call))
        .objects("models")
        .filter(model -> isNamed(model, request.model()))
        .flatMap(model -> instances(model).map(i -> LoadedModel.of(i, type(model))))
        .filter(loaded -> isAsAsked(loaded, request))
        .findFirst();
  }

  private static boolean isNamed(JsonObject model, String name) {
    boolean variant =
        model.get("variants") instanceof JsonArray all
            && all.stream().anyMatch(v -> v instanceof JsonString s && s.getString().equals(name));
    return JsonText.string(model, "key").filter(name::equals).isPresent()
        || (variant && JsonText.string(model, "selected_variant").filter(name::equals).isPresent());
  }

  private static Stream<LoadedInstance> instances(JsonObject model) {
    return JsonText.objects(model, "loaded_instances")
        .map(LoadedInstance::of)
        .flatMap(Optional::stream);
  }

  private static Optional<String> type(JsonObject model) {
    return JsonText.string(model, "type");
  }

  /** Every setting that was asked for is what the instance has; a setting it hides is not. */
  private static boolean isAsAsked(LoadedModel loaded, LoadRequest request) {
    return loaded.config().entrySet().containsAll(request.config().entrySet());
  }

  private LoadedModel post(LoadRequest request, UpstreamCall call) {
    return call.send(
        Capability.MODEL_LOAD,
        () -> {
          HttpAnswer answer = upstream.post("api/v1/models/load", request.toJson(), call);
          return JsonText.readObject(answer.text())
              .flatMap(LoadedModel::of)
              .orElseThrow(() -> upstream.errors().of(answer));
        });
  }

  /** Unloads one instance. */
  public void unload(String instanceId, UpstreamCall call) {
    if (instanceId.isBlank()) {
      throw ValidationException.of("instance_id", "is blank; name a loaded instance");
    }
    JsonObject body = JSON.createObjectBuilder().add("instance_id", instanceId).build();
    call.send(
        Capability.MODEL_UNLOAD,
        () -> {
          HttpAnswer answer = upstream.post("api/v1/models/unload", body, call);
          return JsonText.readObject(answer.text())
              .filter(json -> json.containsKey("instance_id"))
              .orElseThrow(() -> upstream.errors().of(answer));
        });
  }
}
