package ee.lmstudio.simulator.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/** Values obey their schemas, in the eyes of a validator that somebody else has written. */
class SchemaExamplePropertiesTest {
  private static final Question QUESTION = new Question("The weather in Paris for 3 days");

  @Provide
  Arbitrary<JsonObject> satisfiable() {
    return AnySchema.satisfiable(3);
  }

  @Provide
  Arbitrary<JsonObject> wild() {
    return AnySchema.wild(2);
  }

  private static JsonValue example(JsonObject schema, long seed) {
    return new SchemaExample(QUESTION, new SplittableRandom(seed)).of(schema);
  }

  private static void assertObeys(JsonObject schema, JsonValue value) {
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.toString())
                .validate(
                    value.toString(),
                    InputFormat.JSON,
                    run -> run.executionConfig(config -> config.formatAssertionsEnabled(true))))
        .as("%s for %s", value, schema)
        .isEmpty();
  }

  @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
  void schemaThatAllowsValues_getsOne(@ForAll("satisfiable") JsonObject schema, @ForAll long seed) {
    JsonValue value = example(schema, seed);
    assertObeys(schema, value);
    assertThat(example(schema, seed)).isEqualTo(value);
  }

  /** Conditions can contradict each other. Then there is no value, and never a wrong one. */
  @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
  void schemaWithConditions_getsAValueThatObeysOrNone(
      @ForAll("wild") JsonObject schema, @ForAll long seed) {
    boolean found = true;
    try {
      assertObeys(schema, example(schema, seed));
    } catch (NoValue none) {
      found = false;
    }
    Statistics.collect(found);
    Statistics.coverage(all -> all.check(true).percentage(share -> share > 60));
  }
}
