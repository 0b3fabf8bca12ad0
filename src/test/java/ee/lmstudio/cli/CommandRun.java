package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * A command that has run in this process.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record CommandRun(int code, String out, String err) {
  static CommandRun of(Map<String, String> environment, String... args) {
    return of(environment, false, args);
  }

  /**
   * @param terminal whether the command writes to a terminal with colours
   */
  static CommandRun of(Map<String, String> environment, boolean terminal, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Shell shell =
        new Shell(environment, new PrintWriter(out), new PrintWriter(err), terminal, terminal);
    int code = LmStudioCli.run(shell, args);
    return new CommandRun(code, out.toString(), err.toString());
  }

  JsonObject json() {
    try (var reader = JSON.createReader(new StringReader(out))) {
      return reader.readObject();
    }
  }

  String lastError() {
    List<String> lines = err.lines().toList();
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
