package ee.lmstudio.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.error.ErrorTable.Row;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.PermanentException;
import ee.lmstudio.sdk.error.RetryableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/errors.md is the table of exceptions, and names every code of the contract. */
class ErrorReferenceTest {
  private static List<String> rows(String heading) throws IOException {
    return Files.readAllLines(Path.of("docs/reference/errors.md")).stream()
        .dropWhile(line -> !line.equals("## " + heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"))
        .toList();
  }

  @Test
  void exceptions_areTheTable() throws IOException {
    assertThat(rows("Exceptions"))
        .containsExactlyElementsOf(
            ErrorTable.ROWS.stream().map(ErrorReferenceTest::written).toList());
  }

  private static String written(Row row) {
    return "| `%s` | `%s` | %d | %s | %s |"
        .formatted(
            row.type().getSimpleName(),
            row.code().text(),
            row.code().status(),
            row.retryable() ? "yes" : "no",
            row.remedy());
  }

  @Test
  void everyException_hasOneRow() {
    List<Class<?>> all =
        Stream.of(RetryableException.class, PermanentException.class)
            .<Class<?>>flatMap(kind -> Arrays.stream(kind.getPermittedSubclasses()))
            .toList();
    assertThat(LmStudioException.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(RetryableException.class, PermanentException.class);
    assertThat(ErrorTable.ROWS)
        .<Class<?>>extracting(Row::type)
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void codes_areThoseOfTheContract() throws IOException {
    assertThat(rows("Codes"))
        .extracting(row -> row.substring(0, row.indexOf(" |", row.indexOf(" | ") + 3)))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(code -> "| `%s` | %d".formatted(code.text(), code.status()))
                .toList());
  }
}
