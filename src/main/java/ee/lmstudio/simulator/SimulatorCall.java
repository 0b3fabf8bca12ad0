package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers one request: finds its route and the class that knows the answer. Used by one thread. */
final class SimulatorCall {
  private static final String HUGGING_FACE = "^https://huggingface\\.co/";

  private final SimulatorRequest request;
  private final SimulatorSettings settings;
  private final Set<TokenPermission> permissions;
  private final SimulatorState state;
  private final Express express;
  private final Instant now;

  SimulatorCall(
      SimulatorRequest request,
      SimulatorSettings settings,
      Set<TokenPermission> permissions,
      SimulatorState state,
      Instant now) {
    this.request = request;
    this.settings = settings;
    this.permissions = permissions;
    this.state = state;
    this.express = new Express(settings.version());
    this.now = now;
  }

  SimulatorReply answer() {
    Optional<SimulatedRoute> route =
        SimulatedRoute.of(request.method(), request.path(), settings.version());
    return route.isPresent() ? answer(route.get()) : unexpected();
  }

  private SimulatorReply answer(SimulatedRoute route) {
    return switch (route) {
      case GREETING -> compact(JSON.createObjectBuilder().add("lmstudio", true).build());
      case HEALTH -> compact(health());
      case MODELS -> indented(lists().openAi());
      case V0_MODELS -> indented(lists().v0());
      case V0_MODEL -> model(route.parameter(request.path()));
      case V1_MODELS -> indented(lists().v1());
      case CHAT, V0_CHAT -> generator().chat(request);
      case COMPLETION, V0_COMPLETION -> generator().completion(request);
      case RESPONSE -> responses().create(request);
      case READ_RESPONSE -> responses().read(route.parameter(request.path()));
      case DELETE_RESPONSE -> responses().delete(route.parameter(request.path()));
      case MESSAGE -> message();
      case EMBEDDINGS, V0_EMBEDDINGS -> embeddings();
      case TRANSCRIPTION -> media().transcript(request, "transcribe");
      case TRANSLATION -> media().transcript(request, "translate");
      case SPEECH -> media().speech(request);
      case IMAGES -> media().images(request, now);
      case LOAD -> loads().load(JsonBody.of(request));
      case NATIVE_CHAT ->
          new NativeChat(generator(), state.responses(), express, permissions).answer(request);
      case DOWNLOAD -> indented(download());
      case DOWNLOAD_STATUS -> indented(downloadStatus(route.parameter(request.path())));
      case UNLOAD -> loads().unload(JsonBody.of(request));
    };
  }

  private ModelLists lists() {
    return new ModelLists(settings, state.loaded(), now);
  }

  private ModelLoads loads() {
    return new ModelLoads(settings, state.loaded(), express, now);
  }

  private Generator generator() {
    return new Generator(settings, state.loaded(), express, now);
  }

  private Responses responses() {
    return new Responses(generator(), state.responses(), express);
  }

  private SimulatorReply message() {
    CheckedRequest chat =
        CheckedRequest.chat(JsonBody.of(new MessagesRequest(JsonBody.of(request)).toChat()));
    return generator()
        .answer(
            request,
            chat,
            generation -> {
              MessageObject message = new MessageObject(generation);
              return new AnswerForm(
                  () -> JsonStringifier.indented(message.whole(), 2), message::events);
            });
  }

  private Media media() {
    return new Media(settings, express);
  }

  private JsonObject download() {
    String model = JsonBody.of(request).text("model").orElse("").replaceFirst(HUGGING_FACE, "");
    if (model.isBlank()) {
      throw Refusal.ofV1("\"model\" is required", "missing_required_parameter", "model");
    }
    if (settings.models().stream().anyMatch(known -> known.id().equals(model))) {
      return JSON.createObjectBuilder().add("status", "already_downloaded").build();
    }
    return state.downloads().start(model, SimulatorHeaders.downloadTime(request), now);
  }

  private JsonObject downloadStatus(String jobId) {
    return state
        .downloads()
        .status(jobId, now)
        .orElseThrow(
            () -> Refusal.ofV1(404, "job_not_found", "Job '" + jobId + "' not found", null, null));
  }

  private SimulatorReply model(String id) {
    return settings.models().stream()
        .filter(model -> model.id().equals(id))
        .findFirst()
        .map(model -> indented(lists().v0(model).build()))
        .orElseThrow(() -> Refusal.text(404, "Model with identifier '" + id + "' not found"));
  }

  private SimulatorReply embeddings() {
    JsonBody body = JsonBody.of(request);
    List<String> inputs = Embeddings.inputs(body.value("input"));
    SimulatedModel model =
        new ModelChoice(settings, state.loaded()).choose(body.text("model").orElse(""), false, now);
    Duration ready = Duration.between(now, state.loaded().load(model, now));
    String json = JsonStringifier.indented(Embeddings.render(inputs, model), 2);
    return express.json(200, json, ready.plus(settings.speed().firstToken()));
  }

  private JsonObject health() {
    long ready =
        settings.models().stream().filter(model -> state.loaded().isLoaded(model, now)).count();
    JsonObjectBuilder health =
        JSON.createObjectBuilder()
            .add("status", "ok")
            .add("lmstudio_version", settings.version().toString());
    if (settings.version().healthNamesApiVersion()) {
      health.add("api_version", "v1");
    }
    return health
        .add("models_loaded", ready)
        .add("uptime_ms", Duration.between(state.startedAt(), now).toMillis())
        .build();
  }

  /** LM Studio answers an unknown route with status 200. */
  private SimulatorReply unexpected() {
    String error =
        "Unexpected endpoint or method. (" + request.method() + " " + request.path() + ")";
    return compact(JSON.createObjectBuilder().add("error", error).build());
  }

  private SimulatorReply compact(JsonStructure json) {
    return express.json(200, json.toString(), Duration.ZERO);
  }

  private SimulatorReply indented(JsonStructure json) {
    return express.json(200, JsonStringifier.indented(json, 2), Duration.ZERO);
  }
}
