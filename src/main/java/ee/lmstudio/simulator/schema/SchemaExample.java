package ee.lmstudio.simulator.schema;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Creates values that obey a JSON schema, from the words of the question where possible. Equal
 * schemas, questions and random numbers give equal values. Time and size are limited for any
 * schema. Used by one thread.
 */
public final class SchemaExample {
  private static final JsonObject OBJECT =
      ValueMaker.JSON.createObjectBuilder().add("type", "object").build();

  private final Question question;
  private final RandomGenerator random;

  /**
   * @param random the source of all choices; seed it for repeatable answers
   */
  public SchemaExample(Question question, RandomGenerator random) {
    this.question = question;
    this.random = random;
  }

  /**
   * Returns a value that {@code schema} allows.
   *
   * @throws NoValue if there is none, or none was found within the limits; the message says why
   */
  public JsonValue of(JsonValue schema) {
    return made(schema, List.of(schema));
  }

  /**
   * Returns an object that {@code schema} allows, for the arguments of a tool.
   *
   * @throws NoValue if there is none, or none was found within the limits; the message says why
   */
  public JsonObject objectOf(JsonValue schema) {
    return made(schema, List.of(schema, OBJECT)).asJsonObject();
  }

  private JsonValue made(JsonValue schema, List<JsonValue> demanded) {
    ValueMaker maker = new ValueMaker(new SchemaDocument(schema), question, random);
    JsonValue value = maker.value(new ArrayList<>(demanded), 0, 0);
    if (!maker.check().obeys(demanded, value)) {
      throw NoValue.because("no value was found that obeys all its conditions");
    }
    return value;
  }
}
