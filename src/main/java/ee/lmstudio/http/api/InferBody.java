package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationRequest;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Set;
import java.util.function.Function;

/**
 * Holds what the body of {@code POST infer} asks for.
 *
 * @param request what to generate
 * @param stream whether the caller wants the answer as a stream
 */
public record InferBody(GenerationRequest request, boolean stream) {

  /** Returns whether a body, valid or not, asks for an answer that is not streamed. */
  public static boolean asksForTheWhole(JsonValue body) {
    return body instanceof JsonObject fields && fields.get("stream") == JsonValue.FALSE;
  }

  /**
   * Reads and checks a body.
   *
   * @throws ApiException {@code validation_failed} with every wrong field
   */
  public static InferBody of(JsonValue body) {
    FieldFaults faults = new FieldFaults();
    if (!faults.isObject("", body)) {
      throw GenerationFields.refusal(faults);
    }
    JsonObject fields = JsonText.withoutNulls(body.asJsonObject());
    InferFields.check(fields, faults);
    GenerationRequest request = request(fields, faults);
    if (faults.count() > 0) {
      throw GenerationFields.refusal(faults);
    }
    return new InferBody(request, fields.getBoolean("stream", true));
  }

  /** Returns the request. If a fault was recorded, the result is null or incomplete. */
  private static GenerationRequest request(JsonObject fields, FieldFaults faults) {
    JsonObject asked = asked(fields);
    boolean chat = fields.containsKey("messages");
    boolean text = fields.containsKey("prompt");
    if (chat && text) {
      faults.add("messages", "is sent together with prompt; send only one of them");
    }
    if (fields.containsKey("suffix") && !text) {
      faults.add("suffix", "is allowed only together with prompt");
    }
    if (text && !chat) {
      return read(CompletionRequest::of, asked, fields, faults);
    }
    if (text) {
      JsonObject texts = only(asked, Set.of("prompt", "suffix"));
      read(CompletionRequest::of, texts, fields, faults);
    }
    return read(
        ChatRequest::of, JsonText.without(asked, Set.of("prompt", "suffix")), fields, faults);
  }

  private static GenerationRequest read(
      Function<JsonObject, GenerationRequest> reader,
      JsonObject asked,
      JsonObject fields,
      FieldFaults faults) {
    try {
      return reader.apply(asked);
    } catch (ValidationException wrong) {
      GenerationFields.add(faults, wrong, field -> path(fields, field));
      return null;
    }
  }

  /** Returns the path in the body of a field of the request. */
  private static String path(JsonObject fields, String field) {
    String name = field.split("[.\\[]", 2)[0];
    return fields.containsKey(name) || name.equals("messages") ? field : "extra." + field;
  }

  /** Returns the fields for LM Studio: without the server's own, with those of {@code extra}. */
  private static JsonObject asked(JsonObject fields) {
    JsonObjectBuilder asked = JSON.createObjectBuilder(JsonText.without(fields, InferFields.OURS));
    if (fields.get("extra") instanceof JsonObject extra) {
      extra.forEach(
          (name, value) -> {
            if (InferFields.mayBeExtra(name, fields)) {
              asked.add(name, value);
            }
          });
    }
    return asked.build();
  }

  private static JsonObject only(JsonObject fields, Set<String> names) {
    JsonObjectBuilder some = JSON.createObjectBuilder(fields);
    fields.keySet().stream().filter(name -> !names.contains(name)).forEach(some::remove);
    return some.build();
  }
}
