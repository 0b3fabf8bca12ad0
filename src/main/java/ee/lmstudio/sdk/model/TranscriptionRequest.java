package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Asks for a recording as a text: in its own language ({@code POST /v1/audio/transcriptions}), or
 * in English ({@code POST /v1/audio/translations}). Which of the two, the method says that it is
 * given to.
 *
 * @param audio the recording
 * @param model whom to ask; empty leaves it to LM Studio
 * @param language that is spoken in the recording, also where the text shall be English; ISO 639-1
 *     such as {@code de}; empty: LM Studio finds out
 * @param prompt words that may occur, such as names, to guide the spelling
 * @param temperature how freely words are chosen, 0 to 1
 * @param format how the answer shall look
 * @param extra other form fields to send, as they are
 */
public record TranscriptionRequest(
    AudioSource audio,
    Optional<String> model,
    Optional<String> language,
    Optional<String> prompt,
    OptionalDouble temperature,
    TranscriptFormat format,
    Map<String, String> extra) {
  private static final Set<String> OWN =
      Set.of("file", "model", "language", "prompt", "temperature", "response_format");

  /**
   * Checks the values.
   *
   * @throws ValidationException if one is wrong; the message names it
   */
  public TranscriptionRequest {
    Objects.requireNonNull(audio, "audio");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(format, "format");
    ExtraFields.within("temperature", temperature, 0, 1);
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    ExtraFields.check(extra, OWN);
  }

  /**
   * {@return this recording as a text, by the model that LM Studio chooses}
   *
   * @param audio the recording
   */
  public static TranscriptionRequest of(AudioSource audio) {
    return builder(audio).build();
  }

  /**
   * {@return a builder with nothing but the recording set}
   *
   * @param audio the recording
   */
  public static Builder builder(AudioSource audio) {
    return new Builder(audio);
  }

  /** {@return a builder with the values of this request} */
  public Builder toBuilder() {
    Builder builder = new Builder(audio);
    builder.model = model;
    builder.language = language;
    builder.prompt = prompt;
    builder.temperature = temperature;
    builder.format = format;
    builder.extra.putAll(extra);
    return builder;
  }

  /** {@return the form fields beside {@code file}, in the order in which they are sent} */
  public Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>(extra);
    model.ifPresent(name -> fields.put("model", name));
    language.ifPresent(code -> fields.put("language", code));
    prompt.ifPresent(text -> fields.put("prompt", text));
    temperature.ifPresent(value -> fields.put("temperature", Double.toString(value)));
    fields.put("response_format", format.wireName());
    return fields;
  }

  /** Model and format only. */
  @Override
  public String toString() {
    return "TranscriptionRequest[%s, %s]".formatted(model.orElse("default model"), format);
  }

  /** Builds {@link TranscriptionRequest}. Not for use by several threads at once. */
  public static final class Builder {
    private final AudioSource audio;
    private Optional<String> model = Optional.empty();
    private Optional<String> language = Optional.empty();
    private Optional<String> prompt = Optional.empty();
    private OptionalDouble temperature = OptionalDouble.empty();
    private TranscriptFormat format = TranscriptFormat.JSON;
    private final Map<String, String> extra = new LinkedHashMap<>();

    private Builder(AudioSource audio) {
      this.audio = audio;
    }

    /**
     * Default: LM Studio's choice.
     *
     * @param value its id; null: LM Studio's choice
     * @return this builder
     */
    public Builder model(String value) {
      model = Optional.ofNullable(value);
      return this;
    }

    /**
     * What is spoken, ISO 639-1 such as {@code de}. Default: LM Studio finds out.
     *
     * @param value a code; null: LM Studio finds out
     * @return this builder
     */
    public Builder language(String value) {
      language = Optional.ofNullable(value);
      return this;
    }

    /**
     * Words that may occur. Default none.
     *
     * @param value the words; null for none
     * @return this builder
     */
    public Builder prompt(String value) {
      prompt = Optional.ofNullable(value);
      return this;
    }

    /**
     * 0 to 1. Default: LM Studio's choice.
     *
     * @param value how freely words are chosen
     * @return this builder
     */
    public Builder temperature(double value) {
      temperature = OptionalDouble.of(value);
      return this;
    }

    /**
     * Default {@link TranscriptFormat#JSON}.
     *
     * @param value how the answer shall look
     * @return this builder
     */
    public Builder format(TranscriptFormat value) {
      format = value;
      return this;
    }

    /**
     * Any other form field that LM Studio takes.
     *
     * @param name of the form field
     * @param value sent as it is
     * @return this builder
     */
    public Builder field(String name, String value) {
      extra.put(name, value);
      return this;
    }

    /**
     * {@return the request}
     *
     * @throws ValidationException if a value is wrong
     */
    public TranscriptionRequest build() {
      return new TranscriptionRequest(audio, model, language, prompt, temperature, format, extra);
    }
  }
}
