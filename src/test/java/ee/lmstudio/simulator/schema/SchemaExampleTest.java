package ee.lmstudio.simulator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaExampleTest {
  private static final String DEEPER = "nested deeper than 64 levels";
  private static final String STEPS = "has not found a value in 500000 steps";

  private static JsonValue example(String schema) {
    Question question = new Question("Weather in Paris for 3 days in celsius");
    return new SchemaExample(question, new SplittableRandom(1))
        .of(Json.createReader(new StringReader(schema)).readValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"const\":7} | 7",
        "{\"enum\":[\"kelvin\",\"celsius\"]} | \"celsius\"",
        "{\"enum\":[\"kelvin\",\"celsius\",5],\"type\":\"integer\"} | 5",
        "{\"type\":\"integer\"} | 3",
        "{\"type\":\"integer\",\"minimum\":9,\"maximum\":9} | 9",
        "{\"type\":\"integer\",\"maximum\":-9,\"minimum\":-9.5} | -9",
        "{\"type\":\"integer\",\"minimum\":4,\"multipleOf\":2.5,\"maximum\":9} | 5.0",
        "{\"type\":\"number\",\"multipleOf\":0.1,\"exclusiveMinimum\":8.1,\"maximum\":8.2} | 8.2",
        "{\"minimum\":4,\"exclusiveMinimum\":true,\"multipleOf\":4,\"maximum\":8} | 8",
        "{\"type\":\"number\"} | 3.5",
        "{\"type\":[\"string\",\"null\"]} | \"Paris\"",
        "{\"type\":\"string\",\"maxLength\":3} | \"Par\"",
        "{\"type\":\"string\",\"pattern\":\"^[A-Z][a-z]+$\"} | \"Paris\"",
        "{\"type\":\"string\",\"pattern\":\"^(b+)*b\\\\x21$\",\"maxLength\":2} | \"b!\"",
        "{\"type\":\"string\",\"format\":\"date\"} | \"2026-01-01\"",
        "{\"type\":\"string\",\"format\":\"email\",\"minLength\":21} | \"xparis1.1@example.com\"",
        "{\"type\":\"string\",\"format\":\"int32\"} | \"Paris\"",
        "{\"type\":\"null\"} | null",
        "{\"anyOf\":[{\"const\":1},{\"const\":2}]} | 1",
        "{\"oneOf\":[{\"type\":\"integer\"},{\"const\":3},{\"const\":null}]} | null",
        "{\"anyOf\":[{\"const\":1},{\"const\":2}],\"not\":{\"const\":1}} | 2",
        "{\"allOf\":[{\"type\":[\"null\",\"string\"]},{\"type\":[\"integer\",\"null\"]}]} | null",
        "{\"properties\":{\"a\":{\"const\":1}}} | {\"a\":1}",
        "{\"properties\":{\"a\":false,\"b\":{\"const\":1}}} | {\"b\":1}",
        "{\"required\":[\"b\"],\"maxProperties\":1,\"properties\":{\"a\":{},\"b\":{\"const\":1}}}"
            + " | {\"b\":1}",
        "{\"properties\":{\"a\":{\"const\":1}},\"dependencies\":{\"a\":[\"b\"],\"b\":"
            + "{\"properties\":{\"b\":{\"const\":2}}}}} | {\"a\":1,\"b\":2}",
        "{\"properties\":{\"k\":{\"enum\":[\"x\",\"celsius\"]}},\"if\":{\"properties\":{\"k\":"
            + "{\"const\":\"x\"}}},\"then\":false,\"else\":{\"required\":[\"z\"],\"properties\":"
            + "{\"z\":{\"const\":0}}}} | {\"k\":\"celsius\",\"z\":0}",
        "{\"additionalProperties\":{\"const\":0}} | {\"paris\":0,\"paris_2\":0}",
        "{\"type\":\"array\",\"minItems\":3,\"items\":{\"const\":0}} | [0,0,0]",
        "{\"items\":{\"enum\":[1,2,3]},\"uniqueItems\":true,\"minItems\":3} | [3,1,2]",
        "{\"items\":[{\"const\":1},{\"const\":2}],\"additionalItems\":false} | [1,2]",
        "{\"items\":{\"const\":1},\"maxItems\":0} | []",
        "{\"items\":{\"enum\":[1,5]},\"contains\":{\"const\":5},\"maxItems\":1} | [5]",
        "{\"definitions\":{\"a b\":{\"const\":4}},\"$ref\":\"#/definitions/a%20b\"} | 4",
        "{\"$defs\":{\"x\":{\"$anchor\":\"here\",\"const\":4}},\"$ref\":\"#here\"} | 4",
        "{\"type\":\"object\"} | {}",
        "{} | \"Paris\"",
        "true | \"Paris\""
      })
  void value_isAllowedAndTakenFromTheQuestion(String schema, String expected) {
    assertThat(example(schema)).hasToString(expected);
  }

  @Test
  void recursionThatCanEnd_ends() {
    String tree =
        """
        {"$defs":{"leaf":{"type":"object","properties":{"v":{"const":0}},"required":["v"]},
        "add":{"type":"object","properties":{"l":{"$ref":"#/$defs/any"},"r":{"$ref":"#/$defs/any"}},
        "required":["l","r"]},"any":{"anyOf":[{"$ref":"#/$defs/add"},{"$ref":"#/$defs/leaf"}]}},
        "$ref":"#/$defs/any"}\
        """;
    assertThat(example(tree).toString()).startsWith("{\"l\":{").contains("{\"v\":0}");
    assertThat(example("{\"properties\":{\"next\":{\"$ref\":\"#\"},\"n\":{\"type\":\"null\"}}}"))
        .asString()
        .startsWith("{\"next\":{\"next\":{");
  }

  static Stream<Arguments> hopeless() {
    String deep =
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":".repeat(80)
            + "{}"
            + "}}".repeat(80);
    String power =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "\"%d\":{\"type\":\"array\",\"minItems\":2,\"items\":{\"$ref\":\"#/$defs/%d\"}}"
                        .formatted(i, i + 1))
            .collect(
                Collectors.joining(",", "{\"$ref\":\"#/$defs/0\",\"$defs\":{", ",\"60\":{}}}"));
    String unions =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "\"%1$d\":{\"anyOf\":[{\"$ref\":\"#/$defs/%2$d\"},{\"$ref\":\"#/$defs/%2$d\"}]}"
                        .formatted(i, i + 1))
            .collect(
                Collectors.joining(
                    ",",
                    "{\"$ref\":\"#/$defs/0\",\"$defs\":{",
                    ",\"60\":{\"allOf\":[{\"const\":1},{\"const\":2}]}}}"));
    return Stream.of(
        Arguments.of("false", "it allows no value"),
        Arguments.of("3", "a schema must be an object or a boolean, but one is 3"),
        Arguments.of("{\"type\":\"text\"}", "'text' is not a type of JSON"),
        Arguments.of(
            "{\"type\":\"string\",\"minLength\":3,\"maxLength\":2}",
            "minLength is 3, but maxLength is 2"),
        Arguments.of(
            "{\"type\":\"integer\",\"minimum\":1.1,\"maximum\":1.9}",
            "no number is within its limits"),
        Arguments.of("{\"enum\":[]}", "none of the values of its enum"),
        Arguments.of("{\"enum\":[1],\"not\":{}}", "none of the values of its enum"),
        Arguments.of(
            "{\"allOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}", "no type in common"),
        Arguments.of(
            "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"enum\":[]}}}",
            "a: none of the values"),
        Arguments.of(
            "{\"type\":\"object\",\"minProperties\":2,\"properties\":{\"a\":{}},\"additionalProperties\":false}",
            "minProperties is 2"),
        Arguments.of(
            "{\"type\":\"array\",\"items\":{\"type\":\"null\"},\"uniqueItems\":true,\"minItems\":2}",
            "not enough different items"),
        Arguments.of(
            "{\"$ref\":\"#/$defs/none\"}", "the reference '#/$defs/none' leads to nothing"),
        Arguments.of("{\"$ref\":\"https://example.com/x\"}", "leads to nothing"),
        Arguments.of(
            "{\"type\":\"string\",\"pattern\":\"(a)\\\\1\"}", "it has a reference to a group"),
        Arguments.of("{\"type\":\"string\",\"pattern\":\"(a\"}", "no ')' where one belongs"),
        Arguments.of(
            "{\"type\":\"string\",\"pattern\":\"a\",\"format\":\"ipv4\"}", "no text was found"),
        // A validator that ignores formats would refuse every value.
        Arguments.of(
            "{\"type\":\"string\",\"not\":{\"format\":\"date\"}}",
            "no value was found that obeys all its conditions"),
        Arguments.of("{\"type\":\"string\",\"pattern\":\"{a}\"}", "a quantifier without anything"),
        Arguments.of("{\"$ref\":\"#\"}", DEEPER),
        Arguments.of(
            "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
            DEEPER),
        Arguments.of("{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1}", DEEPER),
        Arguments.of(deep, DEEPER),
        Arguments.of(power, STEPS),
        Arguments.of(unions, STEPS),
        Arguments.of("{\"type\":\"array\",\"minItems\":1000000000000}", "at most 10000"),
        Arguments.of("{\"minProperties\":100000,\"type\":\"object\"}", "at most 10000"),
        Arguments.of("{\"type\":\"string\",\"minLength\":100000000}", "at most 200000"),
        Arguments.of(
            "{\"type\":\"string\",\"pattern\":\"^((a{9999}){9999}){9999}$\"}", "at most 200000"),
        Arguments.of(
            "{\"const\":\"" + "a".repeat(20_000) + "!\",\"pattern\":\"^((a+)+)+$\"}",
            "none of the values of its enum"),
        Arguments.of("{\"type\":\"number\",\"multipleOf\":1e-99999}", "more than 400 digits"),
        Arguments.of(
            "{\"properties\":{"
                + IntStream.range(0, 20_001)
                    .mapToObj(i -> "\"" + i + "\":{}")
                    .collect(Collectors.joining(","))
                + "}}",
            "more than 20000 parts"));
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void schemaThatCannotBeFollowed_isRefusedWithTheReason(String schema, String reason) {
    assertThatThrownBy(() -> example(schema))
        .isInstanceOf(NoValue.class)
        .hasMessageContaining(reason);
  }
}
