package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;

/**
 * The form of the answer: any text, or JSON that follows a schema. {@link Completion#structured()}
 * reads an answer in JSON.
 *
 * @param json the whole format, with whatever fields it has; type and schema are checked
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
   * @throws ee.lmstudio.sdk.error.ValidationException if one is wrong; the message names it
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
          // Another type has no fields that are known here.
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
   * {@return the format that {@code json} is; every field of it is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  public static ResponseFormat of(JsonObject json) {
    return new ResponseFormat(json);
  }

  /**
   * JSON that follows a schema, strictly.
   *
   * @param name of what is described, for the model
   * @param schema JSON schema
   * @return the format
   */
  public static ResponseFormat jsonSchema(String name, JsonObject schema) {
    return jsonSchema(name, schema, true);
  }

  /**
   * JSON that follows a schema.
   *
   * @param name of what is described, for the model
   * @param schema JSON schema
   * @param strict whether it must, as OpenAI's format has it
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

  /** {@return the format as LM Studio's JSON has it: the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return the type, such as {@code text}, {@code json_object} or {@code json_schema}} */
  public String type() {
    return json.getString("type");
  }

  /** {@return the name of what the schema describes; empty without a schema} */
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
   * {@return whether the answer must follow the schema} LM Studio's own examples write it as a
   * text.
   */
  public boolean strict() {
    JsonObject format = JsonText.object(json, "json_schema");
    return format.get("strict") == JsonValue.TRUE
        || JsonText.string(format, "strict").orElse("").equals("true");
  }
}
