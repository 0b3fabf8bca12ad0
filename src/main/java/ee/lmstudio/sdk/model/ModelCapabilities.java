package ee.lmstudio.sdk.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Describes what a model can do. Values that LM Studio does not send are empty.
 *
 * @param vision whether the model accepts images
 * @param toolUse whether the model was trained to call tools
 * @param reasoning the reasoning options; also empty if the model cannot reason
 */
public record ModelCapabilities(
    Optional<Boolean> vision, Optional<Boolean> toolUse, Optional<Reasoning> reasoning) {
  /** LM Studio sent no capabilities. */
  public static final ModelCapabilities UNKNOWN =
      new ModelCapabilities(Optional.empty(), Optional.empty(), Optional.empty());

  /** Checks that nothing is null. */
  public ModelCapabilities {
    Objects.requireNonNull(vision, "vision");
    Objects.requireNonNull(toolUse, "toolUse");
    Objects.requireNonNull(reasoning, "reasoning");
  }

  /**
   * Describes how a model can reason. The values are those of LM Studio's own API: {@code
   * reasoning_effort} of the OpenAI endpoints has other values, and refuses {@code on} and {@code
   * off}.
   *
   * @param options the possible values, such as {@code off}, {@code on}, {@code low}
   * @param byDefault the value that applies if a request names none
   */
  public record Reasoning(List<String> options, Optional<String> byDefault) {
    /** Checks that nothing is null, and copies the collections. */
    public Reasoning {
      options = List.copyOf(options);
      Objects.requireNonNull(byDefault, "byDefault");
    }
  }
}
