package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;

/**
 * A function that the model may want called.
 *
 * @param json the whole tool, with whatever fields it has; {@code type} and, of a function, its
 *     name and parameters are checked
 */
public record Tool(JsonObject json) {
  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if one is wrong; the message names it
   */
  public Tool {
    Objects.requireNonNull(json, "json");
    FieldFaults faults = new FieldFaults();
    check(faults, json);
    faults.throwIfAny();
  }

  static void check(FieldFaults faults, JsonObject json) {
    if (faults.isThere("type", json.get("type"))) {
      faults.checkFilled("type", json.get("type"));
    }
    if (JsonText.string(json, "type").orElse("").equals("function")
        && faults.isThere("function", json.get("function"))
        && faults.isObject("function", json.get("function"))) {
      checkFunction(faults, json.getJsonObject("function"));
    }
  }

  private static void checkFunction(FieldFaults faults, JsonObject function) {
    if (faults.isThere("function.name", function.get("name"))) {
      faults.checkFilled("function.name", function.get("name"));
    }
    if (!JsonText.isAbsent(function, "parameters")) {
      faults.isObject("function.parameters", function.get("parameters"));
    }
  }

  /**
   * {@return the tool that {@code json} is; every field of it is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  public static Tool of(JsonObject json) {
    return new Tool(json);
  }

  /**
   * A function.
   *
   * @param name LM Studio answers with it in snake_case since 0.3.23: best write it so
   * @param description what it does, for the model
   * @param parameters JSON schema of the arguments; an empty object for none
   * @return the tool
   */
  public static Tool function(String name, String description, JsonObject parameters) {
    return new Tool(json(function(name, description).add("parameters", parameters)));
  }

  /**
   * The same; the arguments of a strict function follow the schema, where the engine can.
   *
   * @param name as of {@link #function}
   * @param description what it does, for the model
   * @param parameters JSON schema of the arguments
   * @return the tool
   */
  public static Tool strictFunction(String name, String description, JsonObject parameters) {
    return new Tool(
        json(function(name, description).add("parameters", parameters).add("strict", true)));
  }

  private static JsonObjectBuilder function(String name, String description) {
    return JSON.createObjectBuilder().add("name", name).add("description", description);
  }

  private static JsonObject json(JsonObjectBuilder function) {
    return JSON.createObjectBuilder().add("type", "function").add("function", function).build();
  }

  /** {@return the tool as LM Studio's JSON has it: the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return the type, {@code function}, or what else LM Studio may learn to take} */
  public String type() {
    return json.getString("type");
  }

  /** {@return the function's name; empty if this is no function} */
  public String name() {
    return JsonText.string(function(), "name").orElse("");
  }

  /** {@return what it does; empty if nobody said} */
  public Optional<String> description() {
    return JsonText.string(function(), "description");
  }

  /** {@return the JSON schema of the arguments; an empty object for none} */
  public JsonObject parameters() {
    return JsonText.object(function(), "parameters");
  }

  /** {@return whether the arguments shall follow the schema} */
  public boolean strict() {
    return function().get("strict") == JsonValue.TRUE;
  }

  private JsonObject function() {
    return JsonText.object(json, "function");
  }
}
