package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.storage.StoredModels;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lmstudio ping}: whether LM Studio answers, how fast, with which version and models. */
@Command(
    name = "ping",
    description =
        "Asks LM Studio for its version and its models, and measures how fast it answers.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  lmstudio ping",
      "  lmstudio ping --host 127.0.0.1 --port 1234 --timeout 5s",
      "  lmstudio ping --json"
    })
final class Ping implements Callable<Integer> {
  private static final String UNKNOWN = "-";

  @Mixin Target target;

  @Option(names = "--json", description = "Write one JSON object.")
  boolean json;

  private final Shell shell;

  Ping(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    LmStudioSettings settings = target.settings().upstream();
    try (LmStudio lmStudio = LmStudio.connect(settings)) {
      long begun = System.nanoTime();
      lmStudio.healthCheck();
      long connected = millisSince(begun);
      ServerCapabilities server = lmStudio.capabilities();
      begun = System.nanoTime();
      List<ModelSummary> models = lmStudio.listModels(ModelFilter.ALL).models();
      long listed = millisSince(begun);
      if (json) {
        writeJson(settings, server, models, connected, listed);
      } else {
        write(settings, server, models, connected, listed);
      }
    }
    return LmStudioCli.OK;
  }

  private static long millisSince(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  private void write(
      LmStudioSettings settings,
      ServerCapabilities server,
      List<ModelSummary> models,
      long connected,
      long listed) {
    shell.out().println(shell.coloured("bold,green", title(server)));
    shell.table(
        List.of(
            List.of("Address", settings.baseUrl().toString()),
            List.of("Version found by", Versions.foundBy(server.detectedBy())),
            List.of("Support", Versions.level(server)),
            List.of("First answer", connected + " ms, with connecting and finding the version"),
            List.of("List of models", listed + " ms")));
    shell.line("");
    long loaded = models.stream().filter(ModelSummary::loaded).count();
    shell.line(
        models.isEmpty()
            ? "LM Studio has no models. Download one in the app, or with: lms get"
            : "%s, %d loaded".formatted(Shell.count(models.size(), "model"), loaded));
    if (!models.isEmpty()) {
      shell.table(rows(models));
    }
  }

  private static String title(ServerCapabilities server) {
    return "LM Studio"
        + server.version().map(version -> " " + version).orElse(" of an unknown version")
        + " answers";
  }

  /** Returns one row for each model, those that are loaded first. */
  static List<List<String>> rows(List<ModelSummary> models) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("MODEL", "TYPE", "STATE", "CONTEXT", "SIZE"));
    models.stream()
        .sorted((a, b) -> Boolean.compare(b.loaded(), a.loaded()))
        .forEach(
            model ->
                rows.add(
                    List.of(
                        model.id(),
                        model.type().orElse(UNKNOWN),
                        model.state().orElse(UNKNOWN),
                        model.metadata().contextLength().isPresent()
                            ? "" + model.metadata().contextLength().getAsLong()
                            : UNKNOWN,
                        model.metadata().parameterSize().orElse(UNKNOWN))));
    return rows;
  }

  private void writeJson(
      LmStudioSettings settings,
      ServerCapabilities server,
      List<ModelSummary> models,
      long connected,
      long listed) {
    JsonArrayBuilder list = JSON.createArrayBuilder();
    models.forEach(model -> list.add(StoredModels.toJson(model)));
    JsonObjectBuilder answer =
        JSON.createObjectBuilder().add("ok", true).add("base_url", settings.baseUrl().toString());
    Optional.of(server)
        .flatMap(ServerCapabilities::version)
        .ifPresent(version -> answer.add("lmstudio_version", version.toString()));
    shell.json(
        answer
            .add("version_detected_by", server.detectedBy().id())
            .add("support", Versions.support(server))
            .add("first_answer_ms", connected)
            .add("models_ms", listed)
            .add("models", list)
            .build());
  }
}
