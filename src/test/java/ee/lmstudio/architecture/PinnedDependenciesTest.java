package ee.lmstudio.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the build takes from registries is fixed, and what the pages load is in the WAR. */
class PinnedDependenciesTest {
  private static final Pattern VERSION = Pattern.compile("<(?:[\\w.-]+\\.)?version>([^<]*)</");

  /** The version of the project itself, and of the artifacts that its build installs. */
  private static final String OWN = "0.1.0-SNAPSHOT";

  /** The JDKs that the build runs on are not taken from a registry. */
  private static final Set<String> JDKS = Set.of("[21.0.6,22),[23,)", "[21.0.6,)");

  /** A property or a version, but not a range and not a keyword such as LATEST. */
  private static final String EXACT = "@[\\w.-]+@|\\$\\{[\\w.-]+}|\\d[\\w.-]*";

  @Test
  void versionsOfMaven_areExact() throws IOException {
    for (Path pom : poms()) {
      List<String> versions =
          VERSION
              .matcher(Files.readString(pom).replaceAll("(?s)<!--.*?-->", ""))
              .results()
              .map(found -> found.group(1))
              .filter(version -> !version.equals(OWN) && !JDKS.contains(version))
              .toList();
      assertThat(versions)
          .as(pom.toString())
          .isNotEmpty()
          .allMatch(version -> version.matches(EXACT))
          .noneMatch(version -> version.endsWith("-SNAPSHOT"));
    }
  }

  private static List<Path> poms() throws IOException {
    List<Path> all = new ArrayList<>(List.of(Path.of("pom.xml")));
    try (Stream<Path> more = Files.list(Path.of("src/main/poms"))) {
      more.filter(file -> file.toString().endsWith(".xml")).forEach(all::add);
    }
    return all;
  }

  @Test
  void versionsOfNode_areExactAndLockedByTheirHashes() throws IOException {
    JsonObject direct = read("package.json");
    for (String kind : List.of("dependencies", "devDependencies")) {
      direct
          .getJsonObject(kind)
          .forEach(
              (name, version) ->
                  assertThat(version.toString()).as(name).matches("\"\\d+\\.\\d+\\.\\d+\""));
    }

    JsonObject locked = read("package-lock.json").getJsonObject("packages");
    assertThat(locked).hasSizeGreaterThan(100);
    locked.forEach(
        (name, entry) -> {
          if (!name.isEmpty()) {
            assertThat(entry.asJsonObject().getString("integrity", ""))
                .as(name)
                .startsWith("sha512-");
          }
        });
  }

  /** The page loads these packages; the others only check it. */
  @Test
  void packagesOfThePage_areThoseThatAreBundled() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("src/main/vendor"))) {
      List<String> bundled =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> name.endsWith(".js"))
              .map(name -> name.equals("highlight.js") ? name : name.replace(".js", ""))
              .toList();
      assertThat(read("package.json").getJsonObject("dependencies").keySet())
          .containsExactlyInAnyOrderElementsOf(bundled);
    }
  }

  private static JsonObject read(String file) throws IOException {
    try (JsonReader reader = Json.createReader(Files.newInputStream(Path.of(file)))) {
      return reader.readObject();
    }
  }

  /**
   * The policy in the headers forbids other origins, too; a page that needs one would be broken.
   */
  @Test
  void pages_loadNothingFromOtherOrigins() throws IOException {
    Pattern foreign =
        Pattern.compile(
            "(?:src|href|action|from|import|url|fetch)\\s*[=(]?\\s*[\"'`(]\\s*(?:https?:)?//");
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of("src/main/webapp"))) {
      files = all.filter(file -> file.toString().matches(".*\\.(xhtml|js|css|svg)")).toList();
    }
    assertThat(files).hasSizeGreaterThan(20);
    for (Path file : files) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(foreign);
    }
  }
}
