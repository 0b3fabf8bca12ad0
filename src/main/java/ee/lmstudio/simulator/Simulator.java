package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * START HERE: an LM Studio that needs no model. It knows every route. Its only state is which
 * models are loaded. For any thread.
 */
public final class Simulator implements Responder {
  private final SimulatorSettings settings;
  private final Instant startedAt;
  private final LoadedModels loaded = new LoadedModels();

  /**
   * @param startedAt when the simulator started, for {@code uptime_ms}
   */
  public Simulator(SimulatorSettings settings, Instant startedAt) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.startedAt = Objects.requireNonNull(startedAt, "startedAt");
  }

  @Override
  public SimulatorReply reply(SimulatorRequest request, Instant now) {
    Express express = new Express(settings.version());
    try {
      SimulatorSettings wanted = SimulatorHeaders.apply(settings, request);
      express = new Express(wanted.version());
      return new Call(request, wanted, express, now).route();
    } catch (Refusal refusal) {
      return express.json(refusal.status(), refusal.json(), Duration.ZERO);
    }
  }

  /** The handling of one request. */
  private final class Call {
    private static final String V0_MODEL = "/api/v0/models/";

    private final SimulatorRequest request;
    private final SimulatorSettings wanted;
    private final SimulatedVersion version;
    private final Express express;
    private final Instant now;

    Call(SimulatorRequest request, SimulatorSettings wanted, Express express, Instant now) {
      this.request = request;
      this.wanted = wanted;
      this.version = wanted.version();
      this.express = express;
      this.now = now;
    }

    SimulatorReply route() {
      String path = request.path();
      boolean known =
          path.startsWith("/api/v0/")
              ? version.hasApiV0()
              : path.startsWith("/api/v1/")
                  ? version.hasApiV1()
                  : path.startsWith("/v1/audio/")
                      ? version.hasAudio()
                      : path.startsWith("/v1/images/")
                          ? version.hasImages()
                          : !path.equals("/health") || version.hasHealth();
      return known ? route(path) : unexpected();
    }

    private SimulatorReply route(String path) {
      // Without CORS, LM Studio passes OPTIONS on to the handler of POST.
      return switch (request.method()) {
        case "GET", "HEAD" -> read(path);
        case "POST", "OPTIONS" -> write(path);
        default -> unexpected();
      };
    }

    private SimulatorReply read(String path) {
      ModelLists lists = new ModelLists(wanted, loaded, now);
      return switch (path) {
        case "/lmstudio-greeting" ->
            compact(JSON.createObjectBuilder().add("lmstudio", true).build());
        case "/health" -> compact(health());
        case "/v1/models" -> indented(lists.openAi());
        case "/api/v0/models" -> indented(lists.v0());
        case "/api/v1/models" -> indented(lists.v1());
        default -> path.startsWith(V0_MODEL) ? model(lists, path) : unexpected();
      };
    }

    private SimulatorReply model(ModelLists lists, String path) {
      String id = path.substring(V0_MODEL.length());
      return wanted.models().stream()
          .filter(model -> model.id().equals(id))
          .findFirst()
          .map(model -> indented(lists.v0(model).build()))
          .orElseThrow(() -> Refusal.text(404, "Model with identifier '" + id + "' not found"));
    }

    private SimulatorReply write(String path) {
      return switch (path) {
        case "/v1/chat/completions", "/api/v0/chat/completions" -> chat();
        case "/v1/completions", "/api/v0/completions" -> completion();
        case "/v1/embeddings", "/api/v0/embeddings" -> embeddings();
        case "/api/v1/models/load" -> loadModel();
        case "/api/v1/models/unload" -> unloadModel();
        case "/v1/audio/transcriptions" -> media().transcript(request, "transcribe");
        case "/v1/audio/translations" -> media().transcript(request, "translate");
        case "/v1/audio/speech" -> media().speech(request);
        case "/v1/images/generations" -> media().images(request, now);
        default -> unexpected();
      };
    }

    private SimulatorReply loadModel() {
      JsonBody body = JsonBody.of(request);
      SimulatedModel model = named(body.text("model").orElse(""));
      Duration ready = Duration.between(now, loaded.load(model, now));
      JsonObjectBuilder json =
          JSON.createObjectBuilder()
              .add("type", model.writes() ? "llm" : "embedding")
              .add("instance_id", model.id())
              .add("load_time_seconds", ready.toMillis() / 1000.0)
              .add("status", "loaded");
      if (body.isTrue("echo_load_config")) {
        json.add("load_config", ModelLists.config(model));
      }
      return express.json(200, JsonStringifier.indented(json.build(), 2), ready);
    }

    private SimulatorReply unloadModel() {
      SimulatedModel model = named(JsonBody.of(request).text("instance_id").orElse(""));
      if (!loaded.unload(model, now)) {
        throw Refusal.coded(
            "Model instance not found: " + model.id(), "instance_id", "model_not_found");
      }
      return indented(JSON.createObjectBuilder().add("instance_id", model.id()).build());
    }

    private SimulatedModel named(String id) {
      return wanted.models().stream()
          .filter(model -> model.id().equals(id))
          .findFirst()
          .orElseThrow(() -> Refusal.coded("Model not found: " + id, "model", "model_not_found"));
    }

    private Media media() {
      return new Media(wanted, express);
    }

    private SimulatorReply chat() {
      return new Generator(wanted, loaded, express, now).chat(request);
    }

    private SimulatorReply completion() {
      return new Generator(wanted, loaded, express, now).completion(request);
    }

    private SimulatorReply embeddings() {
      JsonBody body = JsonBody.of(request);
      List<String> inputs = Embeddings.inputs(body.value("input"));
      SimulatedModel model =
          new ModelChoice(wanted, loaded).choose(body.text("model").orElse(""), false, now);
      Duration ready = Duration.between(now, loaded.load(model, now));
      String json = JsonStringifier.indented(Embeddings.render(inputs, model), 2);
      return express.json(200, json, ready.plus(wanted.speed().firstToken()));
    }

    private JsonObject health() {
      long ready = wanted.models().stream().filter(model -> loaded.isLoaded(model, now)).count();
      JsonObjectBuilder health =
          JSON.createObjectBuilder()
              .add("status", "ok")
              .add("lmstudio_version", version.toString());
      if (version.healthNamesApiVersion()) {
        health.add("api_version", "v1");
      }
      return health
          .add("models_loaded", ready)
          .add("uptime_ms", Duration.between(startedAt, now).toMillis())
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
}
