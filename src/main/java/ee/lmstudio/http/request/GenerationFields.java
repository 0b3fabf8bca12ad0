package ee.lmstudio.http.request;

import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;

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
    if (fields.containsKey("stream")) {
      faults.checkBoolean("stream", fields.get("stream"));
    }
  }

  /** Returns the exception for a request with these faults. */
  public static ApiException refusal(FieldFaults faults) {
    List<Detail> details =
        faults.listed().stream().map(fault -> new Detail(fault.field(), fault.reason())).toList();
    return ApiException.wrongFields(details, faults.count() - details.size());
  }
}
