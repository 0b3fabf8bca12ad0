package ee.lmstudio.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds keys that have the prefix of our keys but are not in the table: probably typing errors. */
final class UnknownKeys {
  private static final List<String> PREFIXES =
      List.of("lm-studio.", "features.lmstudio.", "LM_STUDIO_", "FEATURES_LMSTUDIO_");

  private UnknownKeys() {}

  /** Returns a warning for each unknown key among {@code names}. */
  static List<String> among(Iterable<String> names) {
    List<String> reports = new ArrayList<>();
    TreeSet<String> sorted = new TreeSet<>();
    names.forEach(sorted::add);
    for (String name : sorted) {
      boolean ours = PREFIXES.stream().anyMatch(name::startsWith);
      if (ours && ConfigKeys.all().stream().noneMatch(key -> names(key, name))) {
        reports.add("Unknown setting " + name + nearest(name).map(UnknownKeys::ask).orElse(""));
      }
    }
    return reports;
  }

  /** Returns whether {@code name} is the name of {@code key}, or of the file with its value. */
  private static boolean names(ConfigKey<?> key, String name) {
    return spelling(key, name).equals(name)
        || key.secret() && spelling(key.file(), name).equals(name);
  }

  private static String ask(String name) {
    return ". Did you mean " + name + "?";
  }

  private static Optional<String> nearest(String name) {
    int tolerance = Math.max(2, name.length() / 4);
    return ConfigKeys.all().stream()
        .map(key -> spelling(key, name))
        .filter(known -> distance(known, name) <= tolerance)
        .min(Comparator.comparingInt(known -> distance(known, name)));
  }

  /** Returns the name of {@code key} in the same form as {@code like}: property or variable. */
  private static String spelling(ConfigKey<?> key, String like) {
    return like.indexOf('.') < 0 ? key.environmentVariable() : key.name();
  }

  /** Returns the Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
