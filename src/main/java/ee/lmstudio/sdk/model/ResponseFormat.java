package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;

/**
 * The form of the answer: any text, or JSON that follows a schema. {@link Completion#structured()}
 * reads an answer in JSON.
 *
 * @param json the whole format, including unknown fields; type and schema are checked
 */
public record ResponseFormat(JsonObject json) {
  /** Any text, which is the default. */
  public static final ResponseFormat TEXT =
      new ResponseFormat(JSON.createObjectBuilder().add("type", "text").build());

  /**
   * Any JSON object. Versions of LM Studio that know only {@code json_schema} and {@code text}
   * refuse it; {@link #jsonSchema} with the schema <code>{"type":"object"}</code> works with those.
   */
  public static final ResponseFormat JSON_OBJECT =
      new ResponseFormat(JSON.createObjectBuilder().add("type", "json_object").build());

  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names the
   *     value
   */
  public ResponseFormat {
    Objects.requireNonNull(json, "json");
    FieldFaults faults = new FieldFaults();
    check(faults, json);
    faults.throwIfAny();
  }

  static void check(FieldFaults faults, JsonObject json) {
    if (faults.isThere("type", json.get("type")) && faults.isText("type", json.get("type"))) {
      switch (json.getString("type")) {
        case "json_schema" -> checkSchema(faults, json.get("json_schema"));
        case "" -> faults.add("type", "is empty");
        default -> {
          // The SDK does not know the fields of other types.
        }
      }
    }
  }

  private static void checkSchema(FieldFaults faults, JsonValue format) {
    if (!faults.isThere("json_schema", format) || !faults.isObject("json_schema", format)) {
      return;
    }
    if (!JsonText.isAbsent(format.asJsonObject(), "name")) {
      faults.checkFilled("json_schema.name", format.asJsonObject().get("name"));
    }
    JsonValue schema = format.asJsonObject().get("schema");
    if (!JsonText.isAbsent(format.asJsonObject(), "schema")) {
      faults.isObject("json_schema.schema", schema);
    }
  }

  /**
   * {@return the format read from {@code json}; every field is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a field is invalid; it lists all invalid
   *     fields
   */
  public static ResponseFormat of(JsonObject json) {
    return new ResponseFormat(json);
  }

  /**
   * Returns the format for JSON that must follow a schema.
   *
   * @param name name of the described object, for the model
   * @param schema the JSON schema
   * @return the format
   */
  public static ResponseFormat jsonSchema(String name, JsonObject schema) {
    return jsonSchema(name, schema, true);
  }

  /**
   * Returns the format for JSON that follows a schema.
   *
   * @param name name of the described object, for the model
   * @param schema the JSON schema
   * @param strict whether the answer must follow the schema
   * @return the format
   */
  public static ResponseFormat jsonSchema(String name, JsonObject schema, boolean strict) {
    return new ResponseFormat(
        JSON.createObjectBuilder()
            .add("type", "json_schema")
            .add(
                "json_schema",
                JSON.createObjectBuilder()
                    .add("name", name)
                    .add("strict", strict)
                    .add("schema", schema))
            .build());
  }

  /** {@return the format as JSON in LM Studio's format; the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return the type, such as {@code text}, {@code json_object} or {@code json_schema}} */
  public String type() {
    return json.getString("type");
  }

  /** {@return the name of the object that the schema describes; empty without a schema} */
  public Optional<String> name() {
    return JsonText.string(JsonText.object(json, "json_schema"), "name");
  }

  /** {@return the JSON schema; empty without one} */
  public Optional<JsonObject> schema() {
    JsonObject format = JsonText.object(json, "json_schema");
    return format.get("schema") instanceof JsonObject schema
        ? Optional.of(schema)
        : Optional.empty();
  }

  /**
   * {@return whether the answer must follow the schema} Also reads the text {@code "true"}, which
   * LM Studio's own examples use.
   */
  public boolean strict() {
    JsonObject format = JsonText.object(json, "json_schema");
    return format.get("strict") == JsonValue.TRUE
        || JsonText.string(format, "strict").orElse("").equals("true");
  }
}
