package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A request's JSON while it is read: what is taken out of it field by field, and the rest. */
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

  /** Takes a field out; null if it is absent or JSON's null. */
  JsonValue take(String name) {
    JsonValue value = rest.remove(name);
    return value == JsonValue.NULL ? null : value;
  }

  /** Takes a text out. */
  Optional<String> text(String name) {
    JsonValue value = take(name);
    return value != null && faults.isText(name, value)
        ? Optional.of(((JsonString) value).getString())
        : Optional.empty();
  }

  /** Takes the model out. */
  Optional<String> model() {
    Optional<String> model = text("model");
    if (model.filter(String::isBlank).isPresent()) {
      faults.add("model", "is blank; leave it out for the default model");
    }
    return model;
  }

  /**
   * The request, with the rest as its options.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
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
