package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Asks a model for the text of a recording, in its own language ({@code POST
 * /v1/audio/transcriptions}) or in English ({@code POST /v1/audio/translations}). The method that
 * receives the request decides which.
 *
 * @param audio the recording
 * @param model id of the model to ask; if empty, LM Studio chooses
 * @param language language of the recording, also for an English text; an ISO 639-1 code such as
 *     {@code de}; if empty, LM Studio detects it
 * @param prompt words that may occur, such as names, to guide the spelling
 * @param temperature sampling temperature, 0 or more
 * @param format format of the answer
 * @param extra other form fields, which are sent unchanged; a field may have several values
 */
public record TranscriptionRequest(
    AudioSource audio,
    Optional<String> model,
    Optional<String> language,
    Optional<String> prompt,
    OptionalDouble temperature,
    TranscriptFormat format,
    Map<String, List<String>> extra) {
  private static final Set<String> OWN =
      Set.of("file", "model", "language", "prompt", "temperature", "response_format");

  /**
   * Checks the values.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public TranscriptionRequest {
    Objects.requireNonNull(audio, "audio");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(format, "format");
    ExtraFields.notNegative("temperature", temperature);
    ExtraFields.check(extra, OWN);
    Map<String, List<String>> copy = new LinkedHashMap<>();
    extra.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    extra = Collections.unmodifiableMap(copy);
  }

  /**
   * {@return a request whose model LM Studio chooses}
   *
   * @param audio the recording
   */
  public static TranscriptionRequest of(AudioSource audio) {
    return builder(audio).build();
  }

  /**
   * {@return a builder with only the recording set}
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
    extra.forEach((name, values) -> values.forEach(value -> builder.field(name, value)));
    return builder;
  }

  /** {@return the form fields except {@code file}, in the order in which they are sent} */
  public Map<String, List<String>> fields() {
    Map<String, List<String>> fields = new LinkedHashMap<>(extra);
    model.ifPresent(name -> fields.put("model", List.of(name)));
    language.ifPresent(code -> fields.put("language", List.of(code)));
    prompt.ifPresent(text -> fields.put("prompt", List.of(text)));
    temperature.ifPresent(value -> fields.put("temperature", List.of(Double.toString(value))));
    fields.put("response_format", List.of(format.wireName()));
    return fields;
  }

  /** Returns the model and the format only. */
  @Override
  public String toString() {
    return "TranscriptionRequest[%s, %s]".formatted(model.orElse("default model"), format);
  }

  /** Builds {@link TranscriptionRequest}. A builder is not thread-safe. */
  public static final class Builder {
    private final AudioSource audio;
    private Optional<String> model = Optional.empty();
    private Optional<String> language = Optional.empty();
    private Optional<String> prompt = Optional.empty();
    private OptionalDouble temperature = OptionalDouble.empty();
    private TranscriptFormat format = TranscriptFormat.JSON;
    private final Map<String, List<String>> extra = new LinkedHashMap<>();

    private Builder(AudioSource audio) {
      this.audio = audio;
    }

    /**
     * Sets the model. Default: LM Studio chooses.
     *
     * @param value id of the model; null for the default
     * @return this builder
     */
    public Builder model(String value) {
      model = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets the language of the recording. Default: LM Studio detects it.
     *
     * @param value an ISO 639-1 code such as {@code de}; null for the default
     * @return this builder
     */
    public Builder language(String value) {
      language = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets words that may occur. Default: none.
     *
     * @param value the words; null for none
     * @return this builder
     */
    public Builder prompt(String value) {
      prompt = Optional.ofNullable(value);
      return this;
    }

    /**
     * Sets the sampling temperature. Default: LM Studio chooses.
     *
     * @param value 0 or more; OpenAI's own models take up to 1
     * @return this builder
     */
    public Builder temperature(double value) {
      temperature = OptionalDouble.of(value);
      return this;
    }

    /**
     * Sets the format of the answer. Default {@link TranscriptFormat#JSON}.
     *
     * @param value the format
     * @return this builder
     */
    public Builder format(TranscriptFormat value) {
      format = value;
      return this;
    }

    /**
     * Adds another form field that LM Studio accepts. To give a field several values, call this
     * method once for each value; their order is kept.
     *
     * @param name name of the form field
     * @param value the value, which is sent unchanged
     * @return this builder
     */
    public Builder field(String name, String value) {
      extra.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
      return this;
    }

    /**
     * {@return the request}
     *
     * @throws ValidationException if a value is invalid
     */
    public TranscriptionRequest build() {
      return new TranscriptionRequest(audio, model, language, prompt, temperature, format, extra);
    }
  }
}
