package ee.lmstudio.supply;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.supply.PackedJar.Library;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A jar is recognized by what it states of itself. */
class PackedJarTest {
  private static PackedJar jar(String location, Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return PackedJar.read(location, bytes.toByteArray());
  }

  private static String pom(String group, String artifact, String version) {
    return "groupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n";
  }

  @Test
  void jarWithPackedLibraries_isItselfFirstAndThenThose() throws IOException {
    PackedJar jar =
        jar(
            "lib/grid.jar",
            Map.of(
                "META-INF/maven/a/json/pom.properties",
                pom("a", "json", "1"),
                "META-INF/maven/a/json/pom.xml",
                "<license><name>MIT License</name></license>",
                "META-INF/maven/b/grid/pom.properties",
                pom("b", "grid", "2"),
                "META-INF/MANIFEST.MF",
                "Bundle-License: Apache License, Version 2.0\n"));

    assertThat(jar.libraries())
        .containsExactly(
            new Library("b", "grid", "2", Set.of("Apache-2.0")),
            new Library("a", "json", "1", Set.of("MIT")));
  }

  @Test
  void bundleWithoutCoordinates_isKnownByItsSymbolicName() throws IOException {
    PackedJar jar =
        jar(
            "h2.jar",
            Map.of(
                "META-INF/MANIFEST.MF",
                "Bundle-SymbolicName: com.h2database;singleton:=true\nBundle-Version: 2.2.224\n"));

    assertThat(jar.libraries().getFirst().purl())
        .isEqualTo("pkg:maven/com.h2database/h2@2.2.224?type=jar");
  }

  @Test
  void jarThatStatesNothing_hasTheNameOfItsFileAndNoGroup() throws IOException {
    assertThat(jar("MICRO-INF/runtime/dtds.jar", Map.of("a", "b")).libraries())
        .containsExactly(new Library("", "dtds", "", Set.of()));
  }

  @Test
  void repackedGrizzly_isListedWithTheVersionOfItsFile() throws IOException {
    PackedJar jar =
        jar(
            "all.jar",
            Map.of("org/glassfish/grizzly/version.properties", "grizzly.version=5.0.3\n"));

    assertThat(jar.libraries())
        .contains(new Library("org.glassfish.grizzly", "grizzly-framework", "5.0.3", Set.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The Apache Software License, Version 2.0        | Apache-2.0
          GPL2 w/ CPE                                     | GPL-2.0-with-classpath-exception
          http://www.eclipse.org/org/documents/edl-v10.php | EDL-1.0
          http://www.eclipse.org/legal/epl-2.0            | EPL-2.0
          BSD-3-Clause;link=https://asm.ow2.io/LICENSE.txt | BSD-3-Clause
          https://www.gnu.org/licenses/lgpl-2.1.html      | LGPL-2.1-only
          GNU Affero General Public License               | GNU Affero General Public License
          CDDL-1.1 OR GPL-2.0-with-classpath-exception    | CDDL-1.1 OR GPL-2.0-with-classpath-exception
          """)
  void spellingOfALicence_hasOneName(String text, String name) {
    assertThat(LicenceNames.of(text)).isEqualTo(name);
  }
}
