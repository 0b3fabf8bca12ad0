package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a request's JSON field by field; the fields that remain are its options. */
final class RequestFields {
  private final Map<String, JsonValue> rest;
  private final FieldFaults faults = new FieldFaults();

  RequestFields(JsonObject json) {
    rest = new LinkedHashMap<>(json);
    rest.remove("stream");
    rest.remove("stream_options");
  }

  FieldFaults faults() {
    return faults;
  }

  /** Removes and returns a field; returns null if the field is absent or JSON's null. */
  JsonValue take(String name) {
    JsonValue value = rest.remove(name);
    return value == JsonValue.NULL ? null : value;
  }

  /** Removes and returns a text field. */
  Optional<String> text(String name) {
    JsonValue value = take(name);
    return value != null && faults.isText(name, value)
        ? Optional.of(((JsonString) value).getString())
        : Optional.empty();
  }

  /** Removes and returns the model. */
  Optional<String> model() {
    Optional<String> model = text("model");
    if (model.filter(String::isBlank).isPresent()) {
      faults.add("model", "is blank; leave it out for the default model");
    }
    return model;
  }

  /**
   * Creates the request with the remaining fields as its options.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a field is invalid; it lists all invalid
   *     fields
   */
  <T> T request(Function<GenerationOptions, T> build) {
    JsonObjectBuilder options = JSON.createObjectBuilder();
    rest.forEach(options::add);
    JsonObject json = options.build();
    OptionChecks.check(faults, json);
    faults.throwIfAny();
    return build.apply(GenerationOptions.of(json));
  }
}
