package ee.lmstudio.docs;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of docs/reference/faults.md names the tests that prove it, and they exist. */
class FaultTableTest {
  private static final Pattern PROOF = Pattern.compile("`(\\w+)\\.(\\w+)`");

  /** The number of rows of each table, so that no row is removed unnoticed. */
  private static final Map<String, Integer> ROWS =
      Map.of("Upstream", 45, "Listeners", 8, "Our own limits", 18, "Security of streams", 8);

  /** A row of a table. */
  record Row(String table, String fault, String proof) {
    @Override
    public String toString() {
      return table + ": " + fault;
    }
  }

  static List<Row> rows() throws IOException {
    String[] table = {""};
    return Files.readAllLines(Path.of("docs/reference/faults.md")).stream()
        .peek(line -> table[0] = line.startsWith("## ") ? line.substring(3) : table[0])
        .filter(line -> line.startsWith("| "))
        .map(line -> line.split("(?<!\\\\)\\|", -1))
        .filter(cells -> !cells[cells.length - 2].strip().equals("Proof"))
        .map(cells -> new Row(table[0], cells[1].strip(), cells[cells.length - 2].strip()))
        .toList();
  }

  @Test
  void tables_haveTheirRows() throws IOException {
    Map<String, Integer> counted =
        rows().stream().collect(toMap(Row::table, row -> 1, Integer::sum));
    assertThat(counted).isEqualTo(ROWS);
    assertThat(rows()).extracting(Row::fault).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void row_namesTestsThatExist(Row row) {
    List<String> proofs = PROOF.matcher(row.proof()).results().map(found -> found.group()).toList();
    assertThat(proofs).as("proof of '%s'", row.fault()).isNotEmpty();
    assertThat(String.join(", ", proofs)).as("nothing but tests").isEqualTo(row.proof());
    assertThat(proofs)
        .as("proof of '%s'", row.fault())
        .allMatch(proof -> TestNames.runs(proof.replace("`", "")));
  }
}
