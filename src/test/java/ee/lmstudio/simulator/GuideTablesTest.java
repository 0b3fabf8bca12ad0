package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/guides/simulator.md lists exactly the routes, versions and headers of the source. */
class GuideTablesTest {
  private static final Pattern ROUTE =
      Pattern.compile("(?m)^\\| `((?:GET|POST|DELETE) /[^`]*)` \\| ([^|]+) \\|$");
  private static final Pattern HEADER_ROW = Pattern.compile("(?m)^\\| `(X-Simulator-[^`]+)`");
  private static final Pattern HEADER = Pattern.compile("\"(X-Simulator-[A-Za-z-]+)\"");
  private static final int MAX_PATCH = 99;

  private static String guide() throws IOException {
    return Files.readString(Path.of("docs/guides/simulator.md"));
  }

  @Test
  void routesAndTheirVersions_areThoseOfTheSource() throws IOException {
    List<String> listed =
        ROUTE.matcher(guide()).results().map(row -> row.group(1) + ": " + row.group(2)).toList();
    List<String> existing =
        Arrays.stream(SimulatedRoute.values())
            .map(route -> route + ": " + versions(route))
            .toList();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(existing);
  }

  private static String versions(SimulatedRoute route) {
    List<SimulatedVersion> having = new ArrayList<>();
    for (int minor = 2; minor <= 4; minor++) {
      for (int patch = 0; patch <= MAX_PATCH; patch++) {
        SimulatedVersion version = new SimulatedVersion(0, minor, patch);
        if (route.exists(version)) {
          having.add(version);
        }
      }
    }
    SimulatedVersion first = having.getFirst();
    boolean onlyItsFamily = having.getLast().minor() == 2;
    if (first.equals(new SimulatedVersion(0, 2, 0))) {
      return onlyItsFamily ? "0.2" : "all";
    }
    return first + " and later" + (onlyItsFamily ? " 0.2" : "");
  }

  @Test
  void headers_areThoseOfTheSource() throws IOException {
    String source =
        Files.readString(Path.of("src/main/java/ee/lmstudio/simulator/SimulatorHeaders.java"));
    List<String> listed = HEADER_ROW.matcher(guide()).results().map(row -> row.group(1)).toList();
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            HEADER.matcher(source).results().map(name -> name.group(1)).toList());
  }
}
