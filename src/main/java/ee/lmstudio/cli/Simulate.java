package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.cli.CliError.UsageException;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lmstudio simulate}: an LM Studio without a model, until Ctrl+C. */
@Command(
    name = "simulate",
    description =
        "Starts a simulated LM Studio on 127.0.0.1, which needs no model. Ctrl+C ends it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  lmstudio simulate",
      "  lmstudio simulate --port 1235 --lmstudio-version 0.3.x --speed 200",
      "  lmstudio simulate --api-tokens-file tokens.txt   # a line: sk-lm-… plugin",
      "  lmstudio simulate --fault cut@500                # every generation breaks",
      "  lmstudio simulate --script faults.txt            # a line: /v1/models status-503",
      "  lmstudio simulate --faults-by-header             # X-Simulator-Fault: reset@100"
    })
final class Simulate implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "1234",
      description = "Port; 0: any free port. Default: ${DEFAULT-VALUE}, as LM Studio.")
  int port;

  @Option(
      names = "--lmstudio-version",
      paramLabel = "VERSION",
      description = "0.2.N, 0.3.N, 0.4.N, 0.3.x or 0.4.x. Default: 0.4.24.")
  String version;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "40",
      description = "Tokens a second; 0: as fast as possible. Default: ${DEFAULT-VALUE}.")
  double speed;

  @Option(
      names = "--first-token",
      paramLabel = "MS",
      defaultValue = "250",
      description = "Milliseconds before the first token. Default: ${DEFAULT-VALUE}.")
  long firstToken;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Chooses the answers.")
  long seed;

  @Option(
      names = "--api-tokens-file",
      paramLabel = "FILE",
      description =
          "Requires one of the API tokens of this file. A line is a token and its permissions:"
              + " ephemeral_mcp, plugin or none. A token alone has all.")
  Path apiTokensFile;

  @Option(
      names = "--fault",
      paramLabel = "FAULT",
      split = ",",
      description =
          "Fault of every generation, such as cut@500, drip@0 or status-503. Several are separated"
              + " by commas.")
  List<String> faults = List.of();

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description =
          "One line for each answer: a path or *, then usual, faults, or replay:FILE with faults."
              + " After the last line, requests are answered as usual.")
  Path script;

  @Option(
      names = "--faults-by-header",
      description = "Allow requests to ask for a fault with X-Simulator-Fault.")
  boolean faultsByHeader;

  @Option(names = "--json", description = "Write the address as one JSON object.")
  boolean json;

  private final Shell shell;

  Simulate(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    SocketSimulator.Builder builder =
        SocketSimulator.answering(settings()).port(port).faults(named());
    try (SocketSimulator simulator = builder.start()) {
      if (script != null) {
        SimulatorFiles.enqueue(simulator, script);
      }
      if (json) {
        shell.json(
            JSON.createObjectBuilder()
                .add("ok", true)
                .add("base_url", simulator.url().toString())
                .build());
      } else {
        shell.line("A simulated LM Studio listens at " + simulator.url());
        shell.line("Try: lmstudio chat --base-url " + simulator.url() + " Hello");
      }
      shell.flush();
      new CountDownLatch(1).await(); // until the process is ended
    } catch (UncheckedIOException inUse) {
      throw new UsageException(
          inUse.getMessage(), "Choose another port: lmstudio simulate --port 0");
    }
    return LmStudioCli.OK;
  }

  private SimulatorSettings settings() {
    try {
      SimulatorSettings settings =
          SimulatorSettings.defaults()
              .withSpeed(new Speed(speed, Duration.ofMillis(firstToken)))
              .withSeed(seed);
      if (version != null) {
        settings = settings.withVersion(SimulatedVersion.parse(version));
      }
      if (apiTokensFile != null) {
        settings = SimulatorFiles.withTokens(settings, apiTokensFile);
      }
      return faultsByHeader ? settings.withFaultsByHeader() : settings;
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(wrong.getMessage(), "Try: lmstudio simulate --help");
    }
  }

  private NamedFault[] named() {
    try {
      return faults.stream().map(String::strip).map(NamedFault::parse).toArray(NamedFault[]::new);
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(wrong.getMessage(), "Try: lmstudio simulate --help");
    }
  }
}
