package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;

/**
 * Describes a function that the model may call.
 *
 * @param json the whole tool, including unknown fields; {@code type} and, for a function, name and
 *     parameters are checked
 */
public record Tool(JsonObject json) {
  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names the
   *     value
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
   * {@return the tool read from {@code json}; every field is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a field is invalid; it lists all invalid
   *     fields
   */
  public static Tool of(JsonObject json) {
    return new Tool(json);
  }

  /**
   * Returns a function.
   *
   * @param name name of the function; use snake_case, because LM Studio 0.3.23 and later return it
   *     in snake_case
   * @param description description of the function, for the model
   * @param parameters JSON schema of the arguments; an empty object for none
   * @return the tool
   */
  public static Tool function(String name, String description, JsonObject parameters) {
    return new Tool(json(function(name, description).add("parameters", parameters)));
  }

  /**
   * Returns a strict function: its arguments follow the schema if the engine supports it.
   *
   * @param name name of the function, as for {@link #function}
   * @param description description of the function, for the model
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

  /** {@return the tool as JSON in LM Studio's format; the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return the type: {@code function}, or a type that a later version of LM Studio accepts} */
  public String type() {
    return json.getString("type");
  }

  /** {@return the function's name; empty if this tool is not a function} */
  public String name() {
    return JsonText.string(function(), "name").orElse("");
  }

  /** {@return the description; empty if there is none} */
  public Optional<String> description() {
    return JsonText.string(function(), "description");
  }

  /** {@return the JSON schema of the arguments; an empty object for none} */
  public JsonObject parameters() {
    return JsonText.object(function(), "parameters");
  }

  /** {@return whether the arguments must follow the schema} */
  public boolean strict() {
    return function().get("strict") == JsonValue.TRUE;
  }

  private JsonObject function() {
    return JsonText.object(json, "function");
  }
}
