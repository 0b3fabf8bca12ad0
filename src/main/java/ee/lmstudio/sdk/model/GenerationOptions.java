package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;

/**
 * How a model shall generate. What is not set is left to LM Studio.
 *
 * @param json the options as LM Studio's JSON has them, other fields included
 */
public record GenerationOptions(JsonObject json) {
  /** What the request itself, or the SDK, says. */
  private static final List<String> NO_OPTIONS =
      List.of("model", "messages", "prompt", "stream", "stream_options");

  /** Nothing set. */
  public static final GenerationOptions NONE = new GenerationOptions(JsonValue.EMPTY_JSON_OBJECT);

  public GenerationOptions {
    for (String name : NO_OPTIONS) {
      if (json.containsKey(name)) {
        throw ValidationException.of(name, "is no option, the request or the SDK sets it");
      }
    }
  }

  /** A builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds {@link GenerationOptions}. Not for use by several threads at once. */
  public static final class Builder {
    private final JsonObjectBuilder json = JSON.createObjectBuilder();

    private Builder() {}

    /** How freely the next token is chosen, 0 to 2. 0 takes the likeliest. */
    public Builder temperature(double value) {
      json.add("temperature", within("temperature", value, 0, 2));
      return this;
    }

    /** Only the likeliest tokens that together have this probability, 0 to 1. */
    public Builder topP(double value) {
      json.add("top_p", within("top_p", value, 0, 1));
      return this;
    }

    /** Only so many of the likeliest tokens. */
    public Builder topK(int value) {
      json.add("top_k", value);
      return this;
    }

    /** The most tokens to generate, 1 or more; -1 for no limit. */
    public Builder maxTokens(int value) {
      if (value < 1 && value != -1) {
        throw ValidationException.of("max_tokens", "is " + value + ", allowed is 1 or more, or -1");
      }
      json.add("max_tokens", value);
      return this;
    }

    /** The same seed and request give the same answer, as far as the model's engine can. */
    public Builder seed(long value) {
      json.add("seed", value);
      return this;
    }

    /** Texts at which generation ends; up to 4. */
    public Builder stop(List<String> value) {
      if (value.size() > 4) {
        throw ValidationException.of("stop", "has " + value.size() + " texts, allowed are 4");
      }
      json.add("stop", JSON.createArrayBuilder(value));
      return this;
    }

    /** Any other field that LM Studio takes. */
    public Builder field(String name, JsonValue value) {
      json.add(name, value);
      return this;
    }

    /** The options. */
    public GenerationOptions build() {
      return new GenerationOptions(json.build());
    }

    private static double within(String field, double value, double least, double most) {
      if (!(value >= least && value <= most)) {
        throw ValidationException.of(
            field, "is %s, allowed is %s to %s".formatted(value, least, most));
      }
      return value;
    }
  }
}
