package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a model to continue a text ({@code POST /v1/completions}, OpenAI's older endpoint).
 *
 * @param model id of the model to ask; if empty, the default model or, without a default, the only
 *     loaded model
 * @param prompt the text to continue; not empty
 * @param suffix the text that follows the generated text; empty for none
 * @param options the generation options
 */
public record CompletionRequest(
    Optional<String> model, String prompt, Optional<String> suffix, GenerationOptions options)
    implements GenerationRequest {

  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names the
   *     value
   */
  public CompletionRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(suffix, "suffix");
    Objects.requireNonNull(options, "options");
    FieldFaults faults = new FieldFaults();
    if (prompt.isEmpty()) {
      faults.add("prompt", "is empty; a text to continue is required");
    }
    faults.throwIfAny();
    options = RequestAdapter.completion(options);
  }

  /**
   * Returns a request with one text for the default model.
   *
   * @param prompt the text to continue
   * @return the request
   */
  public static CompletionRequest of(String prompt) {
    return new CompletionRequest(
        Optional.empty(), prompt, Optional.empty(), GenerationOptions.NONE);
  }

  /**
   * Returns a request with one text for a model.
   *
   * @param model id of the model to ask
   * @param prompt the text to continue
   * @return the request
   */
  public static CompletionRequest of(String model, String prompt) {
    return of(prompt).withModel(model);
  }

  /**
   * Reads a request from JSON. Every field is kept except {@code stream} and {@code
   * stream_options}, which the SDK sets.
   *
   * @param json a request body in OpenAI's format
   * @return the request
   * @throws ee.lmstudio.sdk.error.ValidationException if a field is invalid; it lists all invalid
   *     fields
   */
  public static CompletionRequest of(JsonObject json) {
    RequestFields fields = new RequestFields(json);
    Optional<String> model = fields.model();
    Optional<String> suffix = fields.text("suffix");
    // LM Studio accepts neither lists of texts nor tokens here.
    Optional<String> prompt = fields.text("prompt");
    if (JsonText.isAbsent(json, "prompt")) {
      fields.faults().add("prompt", "is missing");
    } else if (prompt.filter(String::isEmpty).isPresent()) {
      fields.faults().add("prompt", "is empty; a text to continue is required");
    }
    return fields.request(
        options -> new CompletionRequest(model, prompt.orElseThrow(), suffix, options));
  }

  @Override
  public CompletionRequest withModel(String name) {
    return new CompletionRequest(Optional.of(name), prompt, suffix, options);
  }

  /**
   * {@return the same request with a text that follows the generated text}
   *
   * @param text the text that follows
   */
  public CompletionRequest withSuffix(String text) {
    return new CompletionRequest(model, prompt, Optional.of(text), options);
  }

  /**
   * {@return the same request with other generation options}
   *
   * @param other the options
   */
  public CompletionRequest withOptions(GenerationOptions other) {
    return new CompletionRequest(model, prompt, suffix, other);
  }

  @Override
  public String path() {
    return "v1/completions";
  }

  @Override
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder();
    model.ifPresent(name -> json.add("model", name));
    json.add("prompt", prompt);
    suffix.ifPresent(text -> json.add("suffix", text));
    return json.addAll(JSON.createObjectBuilder(options.json())).build();
  }

  @Override
  public int estimatedPromptTokens() {
    return 4 + TokenEstimate.of(prompt);
  }

  /** Returns the model only, because the text may be private. */
  @Override
  public String toString() {
    return "CompletionRequest[" + model.orElse("default model") + "]";
  }
}
