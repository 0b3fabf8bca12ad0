package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.cli.Finding.Status;
import jakarta.json.JsonArrayBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lmstudio doctor}: checks everything between this machine and an answer of LM Studio. */
@Command(
    name = "doctor",
    description = {
      "Checks the configuration, the way to LM Studio, LM Studio itself, and the storage.",
      "Each line has the finding with its measured value, and below it what to type next."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  lmstudio doctor",
      "  lmstudio doctor --no-generation --json",
      "",
      "The check \"streaming\" generates up to 8 tokens with a model that is loaded."
    })
final class Doctor implements Callable<Integer> {
  @Mixin Target target;

  @Option(
      names = "--no-generation",
      description = "Generate nothing: skip the check \"streaming\".")
  boolean noGeneration;

  @Option(names = "--json", description = "Write one JSON object.")
  boolean json;

  private final Shell shell;

  Doctor(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    new Examination(
            target,
            !noGeneration,
            finding -> {
              findings.add(finding);
              if (!json) {
                finding.write(shell);
              }
            })
        .run();
    long failed = count(findings, Status.FAILED);
    long warnings = count(findings, Status.WARNING);
    if (json) {
      JsonArrayBuilder list = JSON.createArrayBuilder();
      findings.forEach(finding -> list.add(finding.toJson()));
      shell.json(
          JSON.createObjectBuilder()
              .add("ok", failed == 0)
              .add("failed", failed)
              .add("warnings", warnings)
              .add("checks", list)
              .build());
    } else {
      shell.line("");
      shell.line(
          failed == 0 && warnings == 0
              ? "Everything is fine."
              : "%d failed, %s.".formatted(failed, Shell.count(warnings, "warning")));
      findings.stream()
          .filter(finding -> finding.status() == (failed > 0 ? Status.FAILED : Status.WARNING))
          .findFirst()
          .ifPresent(finding -> shell.line("Next: " + finding.next()));
    }
    return failed == 0 ? LmStudioCli.OK : LmStudioCli.FAILED;
  }

  private static long count(List<Finding> findings, Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }
}
