package ee.lmstudio.supply;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Turns the many spellings of licences in POMs and manifests into one name for each licence. */
final class LicenceNames {
  private static final String CLASSPATH = "GPL-2.0-with-classpath-exception";

  /** Payara's own licence. The licensee chooses one of the two. */
  static final String PAYARA = "CDDL-1.1 OR " + CLASSPATH;

  /** The licences that this project accepts. A component needs at least one of them. */
  static final Set<String> ACCEPTED =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "EDL-1.0",
          "EPL-1.0 OR MPL-2.0",
          "EPL-2.0",
          CLASSPATH,
          "MIT",
          PAYARA,
          "Public domain");

  /** The first entry whose part occurs in the text, in lower case, applies. */
  private static final String[][] PARTS = {
    {"payara/payara", PAYARA},
    {"classpath", CLASSPATH},
    {"w/ cpe", CLASSPATH},
    {"secondary-gpl-2.0-cp", CLASSPATH},
    {"lgpl", "LGPL-2.1-only"},
    {"lesser general public", "LGPL-2.1-only"},
    {"mpl-1.1", "MPL-1.1"},
    {"mpl/1.1", "MPL-1.1"},
    {"mozilla public license 1.1", "MPL-1.1"},
    {"h2database.com", "EPL-1.0 OR MPL-2.0"},
    {"edl", "EDL-1.0"},
    {"eclipse distribution license", "EDL-1.0"},
    {"epl-2.0", "EPL-2.0"},
    {"epl-v20", "EPL-2.0"},
    {"epl 2.0", "EPL-2.0"},
    {"eclipse public license 2.0", "EPL-2.0"},
    {"eclipse public license v. 2.0", "EPL-2.0"},
    {"apache", "Apache-2.0"},
    {"bsd-2-clause", "BSD-2-Clause"},
    {"bsd 2-clause", "BSD-2-Clause"},
    {"bsd-license.php", "BSD-2-Clause"},
    {"bsd", "BSD-3-Clause"},
    {"asm.ow2", "BSD-3-Clause"},
    {"publicdomain", "Public domain"},
    {"public domain", "Public domain"},
    {"cc0", "Public domain"},
    {"jquery", "MIT"},
    {"mit-0", "MIT-0"},
    {"mit", "MIT"},
    {"w3", "W3C"},
  };

  /** A comma between two licences: not inside quotation marks, and not before "Version 2.0". */
  private static final Pattern SEPARATOR =
      Pattern.compile("\\s*+,\\s*+(?!Version )(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

  /** SPDX identifiers, which CycloneDX writes into a field of its own. */
  private static final Set<String> SPDX =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "EPL-2.0",
          CLASSPATH,
          "LGPL-2.1-only",
          "MIT",
          "MIT-0",
          "MPL-1.1");

  private LicenceNames() {}

  /** Returns the name of the licence that {@code text} means; the text itself if none is known. */
  static String of(String text) {
    if (ACCEPTED.contains(text)) {
      return text;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    for (String[] part : PARTS) {
      if (lower.contains(part[0])) {
        return part[1];
      }
    }
    return text.strip();
  }

  /** Returns the licences in the header {@code Bundle-License} of a manifest; empty without one. */
  static Set<String> ofManifest(Map<String, String> manifest) {
    Set<String> names = new TreeSet<>();
    Optional.ofNullable(manifest.get("Bundle-License")).stream()
        .flatMap(SEPARATOR::splitAsStream)
        .filter(text -> !text.isBlank())
        .forEach(text -> names.add(of(text)));
    return names;
  }

  /** Returns whether the name is an identifier of SPDX. */
  static boolean isSpdx(String name) {
    return SPDX.contains(name);
  }
}
