package ee.lmstudio.cli;

import java.util.Map;
import java.util.function.Function;
import java.util.logging.LogManager;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code lmstudio}. Exit codes: 0 fine, 1 a check or a call failed, 2 wrong usage. */
@Command(
    name = "lmstudio",
    synopsisSubcommandLabel = "COMMAND",
    description = "Checks, lists and uses LM Studio from the command line.",
    mixinStandardHelpOptions = true,
    versionProvider = CliVersion.class,
    subcommands = {
      Ping.class,
      ModelsSync.class,
      Doctor.class,
      Chat.class,
      Simulate.class,
      NewToken.class,
      GenerateCompletion.class
    },
    footer = {
      "",
      "The configuration is that of the server: environment variables such as LM_STUDIO_BASE_URL.",
      "Options override them. Each command has examples: lmstudio COMMAND --help",
      "",
      "Exit codes: 0 fine, 1 a check or a call failed, 2 wrong usage."
    })
public final class LmStudioCli {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private static final Map<Class<?>, Function<Shell, ?>> CONSTRUCTORS =
      Map.of(
          Ping.class, Ping::new,
          ModelsSync.class, ModelsSync::new,
          Doctor.class, Doctor::new,
          Chat.class, Chat::new,
          Simulate.class, Simulate::new,
          NewToken.class, NewToken::new,
          Target.class, Target::new);

  private LmStudioCli() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // The SDK's libraries log nothing that the result of a command does not say.
    LogManager.getLogManager().reset();
    System.exit(run(Shell.ofProcess(), args));
  }

  static int run(Shell shell, String... args) {
    CommandLine line = new CommandLine(new LmStudioCli(), new Commands(shell));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(shell.ansi()));
    line.setOut(shell.out());
    line.setErr(shell.err());
    line.setUsageHelpAutoWidth(shell.isTerminal());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((wrong, given) -> wrongUsage(shell, wrong));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> CliError.show(shell, failure, isJson(parsed)));
    int code = line.execute(args);
    shell.flush();
    return code;
  }

  private static boolean isJson(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--json");
  }

  private static int wrongUsage(Shell shell, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    shell.error(wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, shell.err());
    shell.err().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return WRONG_USAGE;
  }

  /** Gives the shell to the commands, without reflection. */
  private record Commands(Shell shell) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      Function<Shell, ?> constructor = CONSTRUCTORS.get(type);
      return constructor == null
          ? CommandLine.defaultFactory().create(type)
          : type.cast(constructor.apply(shell));
    }
  }
}
