package ee.lmstudio.run;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.LoadedInstance;
import ee.lmstudio.sdk.model.LoadedModel;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.upstreams.Machine;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * The work of loading, unloading or downloading a model.
 *
 * @param request the body of the request, checked
 */
record ModelWork(Operation operation, JsonObject request, Machine machine) implements Work {
  /** What happens to the model. */
  enum Operation {
    LOAD(Phase.LOADING_MODEL),
    UNLOAD(Phase.UNLOADING_MODEL),
    DOWNLOAD(Phase.DOWNLOADING_MODEL);

    private final Phase phase;

    Operation(Phase phase) {
      this.phase = phase;
    }
  }

  @Override
  public StreamContent content() {
    return new StreamContent(StreamContent.Kind.MODEL, false);
  }

  @Override
  public Optional<String> model() {
    return JsonText.string(request, "model").or(() -> JsonText.string(request, "instance_id"));
  }

  @Override
  public void run(String caller, String requestId, RunWriter writer) {
    CallOptions options = CallOptions.by(caller, requestId);
    BlockingCall.run(
        writer,
        () -> {
          writer.works(operation.phase, StreamEvent.Progress.UNKNOWN);
          switch (operation) {
            case LOAD -> load(machine.sdk().with(options), writer);
            case UNLOAD -> unload(machine.sdk().with(options), writer);
            case DOWNLOAD -> download(options, writer);
          }
        });
  }

  private void download(CallOptions options, RunWriter writer) {
    JsonObject done =
        machine.download(
            request,
            options,
            part -> writer.works(operation.phase, part.orElse(StreamEvent.Progress.UNKNOWN)));
    writer.onDone(done.getString("status", "completed"), done);
  }

  private void load(SdkContract sdk, RunWriter writer) {
    LoadedModel loaded = sdk.loadModel(LoadRequest.of(request));
    writer.onDone(loaded.wasLoaded() ? "already_loaded" : "loaded", loaded.toJson());
  }

  private void unload(SdkContract sdk, RunWriter writer) {
    List<String> instances =
        JsonText.string(request, "instance_id")
            .map(List::of)
            .orElseGet(() -> instances(sdk, model().orElseThrow()));
    instances.forEach(sdk::unloadModel);
    writer.onDone(
        "unloaded",
        Json.createObjectBuilder().add("instance_ids", Json.createArrayBuilder(instances)).build());
  }

  private static List<String> instances(SdkContract sdk, String model) {
    List<String> loaded =
        sdk.listModels(ModelFilter.ALL).models().stream()
            .filter(one -> one.id().equals(model))
            .flatMap(one -> one.details().instances().stream())
            .map(LoadedInstance::id)
            .toList();
    if (loaded.isEmpty()) {
      throw new ModelNotLoadedException(
          "No instance of the model '%s' is loaded".formatted(model),
          "Choose a loaded model from the model list.",
          null);
    }
    return loaded;
  }
}
