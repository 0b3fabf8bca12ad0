package ee.lmstudio.simulator.writing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaExampleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"const\":7} | 7",
        "{\"enum\":[\"kelvin\",\"celsius\"]} | \"celsius\"",
        "{\"type\":\"integer\"} | 3",
        "{\"type\":\"integer\",\"minimum\":9,\"maximum\":9} | 9",
        "{\"type\":\"number\"} | 3.5",
        "{\"type\":[\"string\",\"null\"]} | \"Paris\"",
        "{\"type\":\"null\"} | null",
        "{\"anyOf\":[{\"const\":1},{\"const\":2}]} | 1",
        "{\"properties\":{\"a\":{\"const\":1}}} | {\"a\":1}",
        "{\"type\":\"array\",\"minItems\":3,\"items\":{\"const\":0}} | [0,0,0]",
        "{\"type\":\"object\"} | {}",
        "{} | \"Paris\"",
        "true | null"
      })
  void value_isAllowedAndTakenFromTheQuestion(String schema, String expected) {
    Question question = new Question("Weather in Paris for 3 days in celsius");
    JsonValue value =
        new SchemaExample(question, new SplittableRandom(1))
            .of(Json.createReader(new StringReader(schema)).readValue());
    assertThat(value.toString()).isEqualTo(expected);
  }
}
