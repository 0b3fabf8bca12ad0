package ee.lmstudio.http.request;

import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Checks what every request for a generation must fulfil, whatever API it comes through. */
public final class GenerationFields {
  /** Maximum length of a model's name: each event of the stream repeats it. */
  private static final int LONGEST_MODEL = 512;

  private GenerationFields() {}

  /** Checks the length of {@code model}, the type of {@code stream} and the sizes of numbers. */
  public static void check(JsonObject fields, FieldFaults faults) {
    fields.forEach((name, value) -> NumberCheck.checkWithin(faults, name, value));
    if (fields.get("model") instanceof JsonString model
        && model.getString().length() > LONGEST_MODEL) {
      faults.add(
          "model",
          "has %d characters; at most %d are allowed"
              .formatted(model.getString().length(), LONGEST_MODEL));
    }
    if (fields.getOrDefault("stream", JsonValue.NULL) != JsonValue.NULL) {
      faults.checkBoolean("stream", fields.get("stream"));
    }
  }

  /**
   * Checks the sizes of numbers that are themselves fields of the request. Call it after all other
   * checks, because the numbers that this server knows have checks of their own.
   */
  public static void checkUnknownNumbers(JsonObject fields, FieldFaults faults) {
    fields.forEach(
        (name, value) -> {
          if (value instanceof JsonNumber) {
            NumberCheck.check(faults, name, value);
          }
        });
  }

  /**
   * Returns a body that is an object and passes {@link #check}, without the fields that are null.
   *
   * @throws ApiException {@code validation_failed} with every wrong field
   */
  public static JsonObject object(JsonValue body) {
    FieldFaults faults = new FieldFaults();
    if (!faults.isObject("", body)) {
      throw refusal(faults);
    }
    JsonObject fields = JsonText.withoutNulls(body.asJsonObject());
    check(fields, faults);
    checkUnknownNumbers(fields, faults);
    if (faults.count() > 0) {
      throw refusal(faults);
    }
    return fields;
  }

  /**
   * Returns what {@code reader} makes of the fields.
   *
   * @throws ApiException {@code validation_failed} if the reader refuses a field
   */
  public static <T> T read(JsonObject fields, Function<JsonObject, T> reader) {
    try {
      return reader.apply(fields);
    } catch (ValidationException wrong) {
      FieldFaults faults = new FieldFaults();
      add(faults, wrong);
      throw refusal(faults);
    }
  }

  /**
   * Requires that a field, if it is there, has one of these values.
   *
   * @throws ApiException {@code validation_failed}
   */
  public static void requireOneOf(JsonObject fields, String name, Set<String> allowed) {
    if (fields.containsKey(name)) {
      FieldFaults faults = new FieldFaults();
      faults.checkOneOf(name, fields.get(name), allowed);
      if (faults.count() > 0) {
        throw refusal(faults);
      }
    }
  }

  /** Adds what the SDK has refused. */
  public static void add(FieldFaults faults, ValidationException wrong) {
    add(faults, wrong, field -> field);
  }

  /**
   * Adds what the SDK has refused.
   *
   * @param path returns the path in the body of the request that a field of the SDK has
   */
  public static void add(
      FieldFaults faults, ValidationException wrong, UnaryOperator<String> path) {
    wrong.faults().forEach(fault -> faults.add(path.apply(fault.field()), fault.reason()));
    faults.addUnlisted(wrong.faultCount() - wrong.faults().size());
  }

  /** Returns the exception for a request with these faults. */
  public static ApiException refusal(FieldFaults faults) {
    List<Detail> details =
        faults.listed().stream().map(fault -> new Detail(fault.field(), fault.reason())).toList();
    return ApiException.wrongFields(details, faults.count() - details.size());
  }
}
