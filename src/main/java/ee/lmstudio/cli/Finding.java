package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Locale;

/**
 * The result of one check of {@code lmstudio doctor}.
 *
 * @param check the name of the check, for programs
 * @param status how it ended
 * @param text what was found, with the measured value
 * @param next the command or the setting to type next; empty if there is nothing to do
 */
record Finding(String check, Status status, String text, String next) {
  /** How a check ended. */
  enum Status {
    OK("green"),
    WARNING("yellow"),
    FAILED("bold,red"),
    /** An earlier finding makes the check impossible. */
    SKIPPED("faint");

    private final String style;

    Status(String style) {
      this.style = style;
    }

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String text) {
    return new Finding(check, Status.OK, text, "");
  }

  static Finding warning(String check, String text, String next) {
    return new Finding(check, Status.WARNING, text, next);
  }

  static Finding failed(String check, String text, String next) {
    return new Finding(check, Status.FAILED, text, next);
  }

  static Finding skipped(String check, String text) {
    return new Finding(check, Status.SKIPPED, text, "");
  }

  JsonObject toJson() {
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("check", check)
            .add("status", status.id())
            .add("finding", text);
    return (next.isEmpty() ? json : json.add("next", next)).build();
  }

  void write(Shell shell) {
    String label = shell.coloured(status.style, "%-7s".formatted(status.id()));
    shell.out().println(label + "  " + "%-13s".formatted(check) + "  " + Shell.safe(text));
    next.lines().forEach(line -> shell.line(" ".repeat(24) + line));
    shell.out().flush();
  }
}
