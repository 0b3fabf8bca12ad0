package ee.lmstudio.cli;

import jakarta.json.JsonObject;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * The process of a command: its environment, and what it writes. Results go to standard output, and
 * everything else to standard error. Colours are written only to a terminal.
 *
 * @param environment the environment variables
 * @param out standard output
 * @param err standard error
 * @param isTerminal whether both are a terminal
 * @param colours whether colours are wanted there
 */
record Shell(
    Map<String, String> environment,
    PrintWriter out,
    PrintWriter err,
    boolean isTerminal,
    boolean colours) {
  /** The script sets this property, because Java cannot tell for each stream. */
  private static final String TERMINAL = "lmstudio.terminal";

  /** Characters with which a model or a server could control the terminal, or hide text. */
  private static final String UNSAFE =
      "[\\p{Cntrl}&&[^\\n\\t]]|\\p{Cf}|[\\u0080-\\u009F\\u2028\\u2029]";

  static Shell ofProcess() {
    boolean terminal = Boolean.getBoolean(TERMINAL);
    Map<String, String> environment = System.getenv();
    return new Shell(
        environment,
        new PrintWriter(System.out, false, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        terminal,
        terminal
            && !environment.containsKey("NO_COLOR")
            && !"dumb".equals(environment.get("TERM")));
  }

  Ansi ansi() {
    return colours ? Ansi.ON : Ansi.OFF;
  }

  void line(String text) {
    out.println(safe(text));
  }

  void json(JsonObject json) {
    out.println(json);
  }

  /** Writes a part of an answer at once. */
  void part(String text) {
    out.print(safe(text));
    out.flush();
  }

  void error(String text) {
    out.flush();
    err.println(coloured("bold,red", "Error:") + " " + safe(text));
  }

  void note(String text) {
    out.flush();
    err.println(safe(text));
  }

  void flush() {
    out.flush();
    err.flush();
  }

  /** Returns {@code text} in a style of picocli, such as {@code bold,red}, if colours are on. */
  String coloured(String style, String text) {
    return ansi().string("@|" + style + " " + safe(text).replace("|@", "| @") + "|@");
  }

  /** Returns the number with the noun in singular or plural, such as "1 model" or "2 models". */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Returns a text from outside without characters that a terminal would obey. */
  static String safe(String text) {
    return text.replaceAll(UNSAFE, "\uFFFD");
  }

  /** Writes rows in columns that are as wide as their longest cell. */
  void table(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], safe(row.get(i)).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < row.size(); i++) {
        String cell = safe(row.get(i));
        line.append(cell);
        line.append(" ".repeat(i == row.size() - 1 ? 0 : widths[i] - cell.length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
