package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a model to turn a text into speech ({@code POST /v1/audio/speech}).
 *
 * @param input the text; not blank
 * @param voice name of the voice; not blank. The available names depend on the model
 * @param model id of the model to ask; if empty, LM Studio chooses
 * @param format audio format, such as {@code mp3} or {@code wav}; if empty, LM Studio chooses. The
 *     SDK sends it as {@code format} and as {@code response_format}, which is OpenAI's name
 * @param extra other fields, such as {@code speed}, which are sent unchanged
 */
public record SpeechRequest(
    String input, String voice, Optional<String> model, Optional<String> format, JsonObject extra) {
  private static final Set<String> OWN =
      Set.of("input", "voice", "model", "format", "response_format");

  /**
   * Checks the values.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public SpeechRequest {
    requireText("input", input);
    requireText("voice", voice);
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(format, "format");
    ExtraFields.check(extra, OWN);
  }

  private static void requireText(String field, String value) {
    if (value.isBlank()) {
      throw ValidationException.of(field, "is blank; a text is required");
    }
  }

  /**
   * Returns a request whose model and format LM Studio chooses.
   *
   * @param voice name of a voice that the model knows
   * @param input the text to speak; not blank
   * @return the request
   */
  public static SpeechRequest of(String voice, String input) {
    return new SpeechRequest(
        input, voice, Optional.empty(), Optional.empty(), JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * {@return the same request for another model}
   *
   * @param name the model's id
   */
  public SpeechRequest withModel(String name) {
    return new SpeechRequest(input, voice, Optional.of(name), format, extra);
  }

  /**
   * {@return the same request with another audio format}
   *
   * @param name such as {@code wav} or {@code mp3}
   */
  public SpeechRequest withFormat(String name) {
    return new SpeechRequest(input, voice, model, Optional.of(name), extra);
  }

  /**
   * {@return the same request with other extra fields}
   *
   * @param fields the fields, which are sent unchanged
   */
  public SpeechRequest withExtra(JsonObject fields) {
    return new SpeechRequest(input, voice, model, format, fields);
  }

  /**
   * Reads a request from JSON. {@code format} takes precedence over {@code response_format}.
   *
   * @param json a request body in OpenAI's format
   * @return the request
   * @throws ValidationException if a field is invalid
   */
  public static SpeechRequest of(JsonObject json) {
    return new SpeechRequest(
        ExtraFields.text(json, "input"),
        ExtraFields.text(json, "voice"),
        JsonText.string(json, "model"),
        JsonText.string(json, "format").or(() -> JsonText.string(json, "response_format")),
        JsonText.without(json, OWN));
  }

  /** {@return the request body} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    model.ifPresent(name -> json.add("model", name));
    json.add("input", input).add("voice", voice);
    format.ifPresent(name -> json.add("format", name).add("response_format", name));
    return json.build();
  }

  /** Returns the model, the voice and the format only, because the text may be private. */
  @Override
  public String toString() {
    return "SpeechRequest[%s, %s, %s]"
        .formatted(model.orElse("default model"), voice, format.orElse("default format"));
  }
}
