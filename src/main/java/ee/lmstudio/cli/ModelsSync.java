package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.config.Settings;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.storage.Storage;
import ee.lmstudio.storage.StorageException;
import ee.lmstudio.storage.StoredModels;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lmstudio models-sync}: stores the list of models for times when LM Studio is away. */
@Command(
    name = "models-sync",
    description = {
      "Stores LM Studio's list of models in LM_STUDIO_STORAGE_DIR, and shows what has changed.",
      "The server answers with this list while LM Studio is away, and marks it as stale."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  lmstudio models-sync", "  lmstudio models-sync --json"})
final class ModelsSync implements Callable<Integer> {
  @Mixin Target target;

  @Option(names = "--json", description = "Write one JSON object.")
  boolean json;

  private final Shell shell;

  ModelsSync(Shell shell) {
    this.shell = shell;
  }

  /** What has changed since the list before, each by id. */
  record Changes(List<String> added, List<String> removed, List<String> changed) {
    static Changes between(List<ModelSummary> before, List<ModelSummary> after) {
      Map<String, JsonObject> old = byId(before);
      Changes changes = new Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      byId(after)
          .forEach(
              (id, model) -> {
                JsonObject known = old.remove(id);
                if (known == null) {
                  changes.added.add(id);
                } else if (!known.equals(model)) {
                  changes.changed.add(id);
                }
              });
      changes.removed.addAll(old.keySet());
      return changes;
    }

    private static Map<String, JsonObject> byId(List<ModelSummary> models) {
      Map<String, JsonObject> byId = new TreeMap<>();
      models.forEach(model -> byId.put(model.id(), StoredModels.toJson(model)));
      return byId;
    }

    boolean none() {
      return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
  }

  @Override
  public Integer call() {
    Settings settings = target.settings();
    Storage storage = new Storage(settings.server().storageDir());
    List<ModelSummary> before = stored(storage);
    StoredModels fetched = fetch(settings);
    fetched.write(storage);
    Changes changes = Changes.between(before, fetched.models());
    if (json) {
      shell.json(
          JSON.createObjectBuilder()
              .add("ok", true)
              .add("file", storage.path(StoredModels.FILE).toString())
              .add("models", fetched.models().size())
              .add("added", array(changes.added))
              .add("removed", array(changes.removed))
              .add("changed", array(changes.changed))
              .build());
    } else {
      shell.line(
          "Stored %s in %s"
              .formatted(
                  Shell.count(fetched.models().size(), "model"), storage.path(StoredModels.FILE)));
      List<List<String>> rows = new ArrayList<>();
      changes.added.forEach(id -> rows.add(List.of("added", id)));
      changes.removed.forEach(id -> rows.add(List.of("removed", id)));
      changes.changed.forEach(id -> rows.add(List.of("changed", id)));
      shell.table(changes.none() ? List.of(List.of("nothing has changed")) : rows);
    }
    return LmStudioCli.OK;
  }

  /** A damaged list is replaced, so that this command mends it. */
  private List<ModelSummary> stored(Storage storage) {
    try {
      return StoredModels.read(storage).map(StoredModels::models).orElse(List.of());
    } catch (StorageException damaged) {
      shell.note(damaged.getMessage() + " It is replaced.");
      return List.of();
    }
  }

  private static StoredModels fetch(Settings settings) {
    try (LmStudio lmStudio = LmStudio.connect(settings.upstream())) {
      List<ModelSummary> models = lmStudio.listModels(ModelFilter.ALL).models();
      return new StoredModels(
          Instant.now().truncatedTo(ChronoUnit.MILLIS),
          settings.upstream().baseUrl().toString(),
          lmStudio.capabilities().version().map(ServerVersion::toString),
          models);
    }
  }

  private static JsonArrayBuilder array(List<String> ids) {
    JsonArrayBuilder array = JSON.createArrayBuilder();
    ids.forEach(array::add);
    return array;
  }
}
