package ee.lmstudio.rest.infer;

import static ee.lmstudio.envelope.JsonBuilders.JSON;

import ee.lmstudio.rest.error.ApiException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationOptions;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.Message;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code POST infer} asks for.
 *
 * @param request what to generate
 * @param stream whether the answer shall be streamed
 */
public record InferBody(GenerationRequest request, boolean stream) {
  private static final Set<String> NOT_OPTIONS =
      Set.of("model", "messages", "prompt", "suffix", "stream", "extra");

  /** Whether a body, which may be wrong, asks for an answer that is not streamed. */
  public static boolean asksForTheWhole(JsonValue body) {
    return body instanceof JsonObject fields && fields.get("stream") == JsonValue.FALSE;
  }

  /**
   * Reads and checks a body.
   *
   * @throws ApiException {@code validation_failed} with every wrong field
   */
  public static InferBody of(JsonValue body) {
    Faults faults = new Faults();
    if (!faults.isObject("", body)) {
      throw ApiException.wrongFields(faults.all());
    }
    JsonObject fields = withoutNulls(body.asJsonObject());
    fields.forEach(
        (name, value) -> {
          InferFields.Check check = InferFields.ALL.get(name);
          if (check == null) {
            faults.add(name, "is no field of this request; put LM Studio's own fields into extra");
          } else {
            check.check(faults, name, value);
            NumberCheck.checkWithin(faults, name, value);
          }
        });
    checkWhatIsAsked(fields, faults);
    if (!faults.all().isEmpty()) {
      throw ApiException.wrongFields(faults.all());
    }
    return new InferBody(request(fields), fields.getBoolean("stream", true));
  }

  private static void checkWhatIsAsked(JsonObject fields, Faults faults) {
    boolean chat = fields.containsKey("messages");
    boolean text = fields.containsKey("prompt");
    if (chat == text) {
      faults.add(
          "messages",
          "messages and prompt are %s: send one of them".formatted(chat ? "both here" : "missing"));
    }
    if (fields.containsKey("suffix") && !text) {
      faults.add("suffix", "goes with prompt only");
    }
  }

  private static GenerationRequest request(JsonObject fields) {
    Optional<String> model = text(fields, "model");
    GenerationOptions options = options(fields);
    if (fields.containsKey("prompt")) {
      return new CompletionRequest(
          model, fields.getString("prompt"), text(fields, "suffix"), options);
    }
    List<Message> messages =
        fields.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
            .map(Message::new)
            .toList();
    return new ChatRequest(model, messages, options);
  }

  private static GenerationOptions options(JsonObject fields) {
    JsonObjectBuilder options = JSON.createObjectBuilder();
    fields.forEach(
        (name, value) -> {
          if (!NOT_OPTIONS.contains(name)) {
            options.add(name, value);
          }
        });
    if (fields.containsKey("extra")) {
      options.addAll(JSON.createObjectBuilder(fields.getJsonObject("extra")));
    }
    return new GenerationOptions(options.build());
  }

  private static Optional<String> text(JsonObject fields, String name) {
    return Optional.ofNullable(fields.getString(name, null));
  }

  private static JsonObject withoutNulls(JsonObject body) {
    JsonObjectBuilder present = JSON.createObjectBuilder();
    body.forEach(
        (name, value) -> {
          if (value != JsonValue.NULL) {
            present.add(name, value);
          }
        });
    return present.build();
  }
}
