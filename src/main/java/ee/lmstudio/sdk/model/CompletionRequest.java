package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
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

  public CompletionRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(suffix, "suffix");
    Objects.requireNonNull(options, "options");
    if (prompt.isEmpty()) {
      throw ValidationException.of("prompt", "is empty, a text to continue is needed");
    }
  }

  /** One text to the default model. */
  public static CompletionRequest of(String prompt) {
    return new CompletionRequest(
        Optional.empty(), prompt, Optional.empty(), GenerationOptions.NONE);
  }

  @Override
  public CompletionRequest withModel(String name) {
    return new CompletionRequest(Optional.of(name), prompt, suffix, options);
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
