package ee.lmstudio.cli;

import ee.lmstudio.config.Environment;
import ee.lmstudio.config.InvalidSettingsException;
import ee.lmstudio.config.Settings;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.CompatibilityMatrix;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.GenerationOptions;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.storage.Storage;
import ee.lmstudio.storage.StorageException;
import ee.lmstudio.storage.StoredModels;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The checks of {@code lmstudio doctor}, in the order in which one depends on another. */
final class Examination {
  /** Checks that need LM Studio. They are skipped if nothing listens at its address. */
  private static final List<String> WITH_LM_STUDIO =
      List.of("h2c", "greeting", "version", "capabilities", "models", "streaming", "clock");

  private static final long LITTLE_SPACE = 64L << 20;
  private static final int FEW_TOKENS = 8;

  private final Target target;
  private final boolean generates;
  private final Consumer<Finding> findings;
  private final WayToLmStudio way;

  /**
   * @param generates whether to check streaming, which generates a few tokens
   * @param findings gets each finding when its check has ended
   */
  Examination(Target target, boolean generates, Consumer<Finding> findings) {
    this.target = target;
    this.generates = generates;
    this.findings = findings;
    this.way = new WayToLmStudio(findings);
  }

  void run() {
    Settings settings;
    try {
      settings = target.settings();
    } catch (InvalidSettingsException invalid) {
      for (InvalidSettingsException.Fault fault : invalid.faults()) {
        findings.accept(
            Finding.failed(
                "configuration", fault.toString(), "export " + fault.environmentVariable() + "=…"));
      }
      return;
    }
    findings.accept(configuration(settings));
    posture(settings);
    findings.accept(storage(settings));
    LmStudioSettings upstream = settings.upstream();
    if (settings.usesSimulator()) {
      findings.accept(
          Finding.skipped(
              "port", "LM_STUDIO_SIMULATOR is true, so the server calls its own simulator."));
    } else if (way.reaches(upstream.baseUrl())) {
      examine(upstream);
    } else {
      WITH_LM_STUDIO.forEach(
          check -> findings.accept(Finding.skipped(check, "LM Studio was not reached.")));
    }
  }

  private static Finding configuration(Settings settings) {
    List<String> unknown =
        settings.warnings().stream().filter(text -> text.startsWith("Unknown")).toList();
    return unknown.isEmpty()
        ? Finding.ok("configuration", "Every value is valid.")
        : Finding.warning(
            "configuration", String.join(" ", unknown), "See docs/reference/configuration.md");
  }

  private void posture(Settings settings) {
    Environment environment = settings.server().environment();
    boolean local = environment == Environment.LOCAL;
    if (!local && settings.upstream().apiKey().isEmpty()) {
      findings.accept(
          Finding.failed(
              "posture",
              "app.env is "
                  + environment.name().toLowerCase(Locale.ROOT)
                  + ", and no API token of LM Studio is set, so anybody who reaches LM Studio can"
                  + " use it.",
              "Create a token in LM Studio (Developer → Server Settings), then:\n"
                  + "export LM_STUDIO_API_KEY_FILE=/path/of/the/token   (or APP_ENV=local)"));
    }
    if (!local && settings.server().accessTokens().isEmpty()) {
      findings.accept(
          Finding.failed(
              "posture",
              "No access token is set, so the server refuses every caller.",
              "lmstudio token ann"));
    }
    if (local
        || settings.upstream().apiKey().isPresent()
            && !settings.server().accessTokens().isEmpty()) {
      findings.accept(
          Finding.ok(
              "posture",
              local
                  ? "app.env is local: for one person on one machine."
                  : "An API token of LM Studio and access tokens of the server are set."));
    }
    settings.warnings().stream()
        .filter(text -> text.startsWith("The access token"))
        .forEach(text -> findings.accept(Finding.warning("posture", text, "lmstudio token NAME")));
  }

  private static Finding storage(Settings settings) {
    Storage storage = new Storage(settings.server().storageDir());
    String name = "doctor." + ProcessHandle.current().pid();
    try {
      storage.write(name, new byte[0]);
      Files.delete(storage.path(name));
      FileStore disk = Files.getFileStore(storage.directory());
      long free = disk.getUsableSpace();
      if (free < LITTLE_SPACE) {
        return Finding.failed(
            "storage",
            storage.directory() + " has only " + (free >> 20) + " MiB left.",
            "df -h " + storage.directory());
      }
      if (storage.isOpenToOthers()) {
        return Finding.warning(
            "storage",
            "Other users can read " + storage.directory() + ".",
            "chmod 700 " + storage.directory());
      }
      String age =
          StoredModels.read(storage)
              .map(
                  stored ->
                      "a list of %s of %s"
                          .formatted(
                              Shell.count(stored.models().size(), "model"), stored.fetchedAt()))
              .orElse("no list of models yet");
      return Finding.ok(
          "storage",
          "%s can be written, %d MiB left; %s.".formatted(storage.directory(), free >> 20, age));
    } catch (StorageException failed) {
      return Finding.failed("storage", failed.getMessage(), failed.hint());
    } catch (IOException failed) {
      return Finding.failed(
          "storage",
          storage.directory() + " cannot be used: " + failed.getMessage(),
          "ls -ld " + storage.directory());
    }
  }

  private void examine(LmStudioSettings settings) {
    way.examine(settings.baseUrl());
    try (LmStudio lmStudio = LmStudio.connect(settings)) {
      Optional<ServerCapabilities> server = attempt("version", lmStudio::capabilities);
      if (server.isEmpty()) {
        Stream.of("capabilities", "models", "streaming")
            .forEach(check -> findings.accept(Finding.skipped(check, "The version is not known.")));
        return;
      }
      boolean supported = version(server.get());
      findings.accept(capabilities(server.get()));
      if (!supported) {
        Stream.of("models", "streaming")
            .forEach(check -> findings.accept(Finding.skipped(check, "LM Studio is too old.")));
        return;
      }
      Optional<String> loaded =
          attempt("models", () -> lmStudio.listModels(ModelFilter.ALL).models())
              .flatMap(models -> models(models, settings));
      streaming(lmStudio, loaded);
    }
  }

  /** Returns the result; empty if the call failed, which is then a finding. */
  private <T> Optional<T> attempt(String check, Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (LmStudioException failed) {
      CliError told = CliError.of(failed);
      findings.accept(Finding.failed(check, told.message(), told.hint()));
      return Optional.empty();
    }
  }

  private boolean version(ServerCapabilities server) {
    String name = server.version().map(Object::toString).orElse("unknown");
    String found = "LM Studio " + name + ", by " + Versions.foundBy(server.detectedBy());
    findings.accept(
        switch (server.row().level()) {
          case REFUSED ->
              Finding.failed(
                  "version",
                  found + ". At least " + CompatibilityMatrix.FLOOR + " is needed.",
                  "Update LM Studio.");
          case UNKNOWN ->
              Finding.warning(
                  "version",
                  "The server does not name its version, and has no listing of LM Studio. It may be"
                      + " another program.",
                  "Check the address, or update LM Studio.");
          default -> Finding.ok("version", found + "; support: " + Versions.level(server) + ".");
        });
    return server.row().level() != CompatibilityMatrix.Level.REFUSED;
  }

  private static Finding capabilities(ServerCapabilities server) {
    String known =
        Arrays.stream(Capability.values())
            .filter(capability -> server.support(capability) == Support.YES)
            .map(Capability::id)
            .collect(Collectors.joining(", "));
    return known.isEmpty()
        ? Finding.skipped("capabilities", "The first use of each one shows whether it is there.")
        : Finding.ok("capabilities", known);
  }

  /** Returns the model for a chat, if one is loaded. */
  private Optional<String> models(List<ModelSummary> models, LmStudioSettings settings) {
    List<String> loaded =
        models.stream()
            .filter(model -> model.loaded() && model.generatesText())
            .map(ModelSummary::id)
            .toList();
    settings.defaultModel().ifPresent(id -> defaultModel("LM_STUDIO_DEFAULT_MODEL", id, models));
    settings
        .defaultEmbeddingModel()
        .ifPresent(id -> defaultModel("LM_STUDIO_DEFAULT_EMBEDDING_MODEL", id, models));
    if (models.isEmpty()) {
      findings.accept(Finding.failed("models", "LM Studio has no models.", "lms get"));
    } else if (settings.defaultModel().isEmpty()) {
      findings.accept(
          switch (loaded.size()) {
            case 0 ->
                Finding.warning(
                    "models",
                    "No language model of %d models is loaded, so requests must name one."
                        .formatted(models.size()),
                    "export LM_STUDIO_DEFAULT_MODEL=" + models.getFirst().id());
            case 1 -> Finding.ok("models", loaded.getFirst() + " is the only one that is loaded.");
            default ->
                Finding.warning(
                    "models",
                    "%d language models are loaded, so requests must name one."
                        .formatted(loaded.size()),
                    "export LM_STUDIO_DEFAULT_MODEL=" + loaded.getFirst());
          });
    }
    return settings.defaultModel().filter(loaded::contains).or(() -> loaded.stream().findFirst());
  }

  private void defaultModel(String setting, String id, List<ModelSummary> models) {
    boolean known = models.stream().anyMatch(model -> model.id().equals(id));
    findings.accept(
        known
            ? Finding.ok("models", setting + " is " + id + ", which LM Studio has.")
            : Finding.failed(
                "models",
                setting + " is " + id + ", which LM Studio does not have.",
                "lmstudio ping"));
  }

  private void streaming(LmStudio lmStudio, Optional<String> model) {
    if (!generates || model.isEmpty()) {
      findings.accept(
          Finding.skipped(
              "streaming", generates ? "No language model is loaded." : "--no-generation is set."));
      return;
    }
    ChatRequest request =
        ChatRequest.of("Say OK.")
            .withModel(model.get())
            .withOptions(GenerationOptions.builder().maxTokens(FEW_TOKENS).build());
    attempt("streaming", () -> lmStudio.createChatCompletion(request))
        .ifPresent(
            answer ->
                findings.accept(
                    answer.downgraded()
                        ? Finding.warning(
                            "streaming",
                            "The answer of "
                                + model.get()
                                + " came, but not as a stream: "
                                + String.join(" ", answer.warnings()),
                            "Look for a proxy between this machine and LM Studio.")
                        : Finding.ok("streaming", streamed(answer))));
  }

  private static String streamed(Completion answer) {
    return answer.model()
        + ": first token after "
        + answer
            .stats()
            .timeToFirstToken()
            .map(Duration::toMillis)
            .map(ms -> ms + " ms")
            .orElse("?")
        + ", whole answer after "
        + answer.stats().duration().toMillis()
        + " ms.";
  }
}
