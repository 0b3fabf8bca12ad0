package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a model to continue a text ({@code POST /v1/completions}, OpenAI's older endpoint).
 *
 * @param model whom to ask; empty takes the default model, or the only one that is loaded
 * @param prompt the text to continue; not empty
 * @param suffix what shall follow the answer; empty for nothing
 * @param options how to generate
 */
public record CompletionRequest(
    Optional<String> model, String prompt, Optional<String> suffix, GenerationOptions options)
    implements GenerationRequest {

  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if one is wrong; the message names it
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
   * One text to the default model.
   *
   * @param prompt the text to continue
   * @return the request
   */
  public static CompletionRequest of(String prompt) {
    return new CompletionRequest(
        Optional.empty(), prompt, Optional.empty(), GenerationOptions.NONE);
  }

  /**
   * One text to a model.
   *
   * @param model whom to ask
   * @param prompt the text to continue
   * @return the request
   */
  public static CompletionRequest of(String model, String prompt) {
    return of(prompt).withModel(model);
  }

  /**
   * The request that {@code json} is. Every field is kept but {@code stream} and {@code
   * stream_options}: how it is sent is the SDK's to say.
   *
   * @param json as OpenAI's format has it
   * @return the request
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  public static CompletionRequest of(JsonObject json) {
    RequestFields fields = new RequestFields(json);
    Optional<String> model = fields.model();
    Optional<String> suffix = fields.text("suffix");
    // LM Studio takes no lists of texts and no tokens here.
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
   * {@return the same request with a text that shall follow the answer}
   *
   * @param text what shall follow
   */
  public CompletionRequest withSuffix(String text) {
    return new CompletionRequest(model, prompt, Optional.of(text), options);
  }

  /**
   * {@return the same request, generated in another way}
   *
   * @param other how to generate
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

  /** The model only: the text is somebody's. */
  @Override
  public String toString() {
    return "CompletionRequest[" + model.orElse("default model") + "]";
  }
}
