package ee.lmstudio.sdk.internal.listing;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.detection.JsonEndpoints;
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
import java.util.Set;
import java.util.stream.Stream;

/**
 * Loads and unloads models. LM Studio loads a second instance if it receives a second request, at
 * the same time or later. Therefore only one request at a time loads a model, and none if the model
 * is already loaded with the requested settings.
 */
public final class ModelLoading {
  private final Upstream upstream;
  private final JsonEndpoints endpoints;
  private final SingleFlight<LoadRequest, LoadedModel> flights;

  public ModelLoading(Upstream upstream) {
    this(upstream, SingleFlight.inTurn(LoadRequest::model));
  }

  private ModelLoading(Upstream upstream, SingleFlight<LoadRequest, LoadedModel> flights) {
    this.upstream = upstream;
    this.endpoints = new JsonEndpoints(upstream);
    this.flights = flights;
  }

  /** Returns the loading for a view. Callers of all views share one load of a model. */
  public ModelLoading by(Upstream view) {
    return new ModelLoading(view, flights);
  }

  /**
   * Loads a model, or waits until another caller has loaded it. If another caller is loading the
   * same model with other settings, waits for the end of that load, and then checks which instances
   * are loaded.
   *
   * @param waiting the call that waits; the load continues without it if other callers wait
   */
  public LoadedModel load(LoadRequest request, UpstreamCall waiting) {
    waiting.require(Capability.MODEL_LOAD);
    return flights.join(
        request,
        waiting,
        () -> upstream.workOnce(CallMethod.LOAD_MODEL),
        call -> loaded(request, call));
  }

  private LoadedModel loaded(LoadRequest request, UpstreamCall call) {
    return alreadyLoaded(request, call).orElseGet(() -> post(request, call));
  }

  private Optional<LoadedModel> alreadyLoaded(LoadRequest request, UpstreamCall call) {
    return call.send(
            Capability.NATIVE_MODEL_LIST,
            () -> endpoints.read("api/v1/models", Set.of("models"), call))
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

  /**
   * Returns whether the instance has every requested setting. A setting that LM Studio does not
   * report counts as different.
   */
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
