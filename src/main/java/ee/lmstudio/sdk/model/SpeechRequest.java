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
 * Asks for a text as speech ({@code POST /v1/audio/speech}).
 *
 * @param input the text; not blank
 * @param voice who speaks; not blank, which names there are depends on the model
 * @param model whom to ask; empty leaves it to LM Studio
 * @param format of the audio, such as {@code mp3} or {@code wav}; empty: LM Studio's own. It is
 *     sent as {@code format}, and as {@code response_format}, which is OpenAI's name for it
 * @param extra other fields to send, as they are, such as {@code speed}
 */
public record SpeechRequest(
    String input, String voice, Optional<String> model, Optional<String> format, JsonObject extra) {
  private static final Set<String> OWN =
      Set.of("input", "voice", "model", "format", "response_format");

  /**
   * Checks the values.
   *
   * @throws ValidationException if one is wrong; the message names it
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
      throw ValidationException.of(field, "is blank, a text is needed");
    }
  }

  /**
   * This text by this voice, by the model and in the format that LM Studio chooses.
   *
   * @param voice a name that the model knows
   * @param input the text to speak, not empty
   * @return the request
   */
  public static SpeechRequest of(String voice, String input) {
    return new SpeechRequest(
        input, voice, Optional.empty(), Optional.empty(), JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * {@return the same by another model}
   *
   * @param name the model's id
   */
  public SpeechRequest withModel(String name) {
    return new SpeechRequest(input, voice, Optional.of(name), format, extra);
  }

  /**
   * {@return the same in another format}
   *
   * @param name such as {@code wav} or {@code mp3}
   */
  public SpeechRequest withFormat(String name) {
    return new SpeechRequest(input, voice, model, Optional.of(name), extra);
  }

  /**
   * {@return the same with other extra fields}
   *
   * @param fields sent as they are
   */
  public SpeechRequest withExtra(JsonObject fields) {
    return new SpeechRequest(input, voice, model, format, fields);
  }

  /**
   * Reads a request; {@code format} goes before {@code response_format}.
   *
   * @param json as OpenAI's format has it
   * @return the request
   * @throws ValidationException if a field is wrong
   */
  public static SpeechRequest of(JsonObject json) {
    return new SpeechRequest(
        ExtraFields.text(json, "input"),
        ExtraFields.text(json, "voice"),
        JsonText.string(json, "model"),
        JsonText.string(json, "format").or(() -> JsonText.string(json, "response_format")),
        JsonText.without(json, OWN));
  }

  /** {@return the request as it is sent} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    model.ifPresent(name -> json.add("model", name));
    json.add("input", input).add("voice", voice);
    format.ifPresent(name -> json.add("format", name).add("response_format", name));
    return json.build();
  }

  /** Model, voice and format only: the text is somebody's. */
  @Override
  public String toString() {
    return "SpeechRequest[%s, %s, %s]"
        .formatted(model.orElse("default model"), voice, format.orElse("default format"));
  }
}
