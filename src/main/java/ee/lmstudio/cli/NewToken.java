package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.cli.CliError.UsageException;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.sdk.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lmstudio token}: creates an access token of the server. */
@Command(
    name = "token",
    description = {
      "Creates an access token for a caller of the server, and the entry for"
          + " LM_STUDIO_ACCESS_TOKENS.",
      "The entry has only the hash of the token. Nothing is stored."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  lmstudio token ann", "  lmstudio token ops --admin --json"})
final class NewToken implements Callable<Integer> {
  private static final int BYTES = 24;

  @Parameters(paramLabel = "NAME", description = "Name of the caller: A-Z a-z 0-9 . _ -")
  String name;

  @Option(names = "--admin", description = "The caller may see and cancel the streams of others.")
  boolean admin;

  @Option(names = "--json", description = "Write one JSON object.")
  boolean json;

  private final Shell shell;

  NewToken(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (!AccessToken.isName(name)) {
      throw new UsageException(
          "The name is '" + name + "'. Allowed: up to 64 of A-Z a-z 0-9 . _ -",
          "Try: lmstudio token ann");
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    String entry =
        name
            + ":"
            + new AccessToken(name, Secret.of(token), admin).hash()
            + (admin ? ":admin" : "");
    if (json) {
      shell.json(
          JSON.createObjectBuilder()
              .add("ok", true)
              .add("name", name)
              .add("token", token)
              .add("entry", entry)
              .build());
    } else {
      shell.line("Token of " + name + ", for the caller. It is not shown again:");
      shell.line("  " + token);
      shell.line("");
      shell.line("Entry for the server. Add it, after a comma, to the entries that are there:");
      shell.line("  LM_STUDIO_ACCESS_TOKENS=" + entry);
    }
    return LmStudioCli.OK;
  }
}
