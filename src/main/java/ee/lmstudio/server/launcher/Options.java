package ee.lmstudio.server.launcher;

import java.util.List;
import java.util.Optional;

/** Reads Payara Micro's options. Their names may be in lower or upper case. */
final class Options {
  private Options() {}

  /** Returns whether the option is among the arguments. */
  static boolean has(List<String> arguments, String option) {
    return arguments.stream().anyMatch(option::equalsIgnoreCase);
  }

  /** Returns the argument that follows the option, the last one if the option is repeated. */
  static Optional<String> value(List<String> arguments, String option) {
    Optional<String> value = Optional.empty();
    for (int i = 0; i + 1 < arguments.size(); i++) {
      if (arguments.get(i).equalsIgnoreCase(option)) {
        value = Optional.of(arguments.get(i + 1));
      }
    }
    return value;
  }
}
