package ee.lmstudio.sdk.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model can do, as LM Studio says. Empty where it does not say.
 *
 * @param vision whether it takes images
 * @param toolUse whether it was trained to call tools
 * @param reasoning how it can reason; empty also if it cannot
 */
public record ModelCapabilities(
    Optional<Boolean> vision, Optional<Boolean> toolUse, Optional<Reasoning> reasoning) {
  /** Nothing is said. */
  public static final ModelCapabilities UNKNOWN =
      new ModelCapabilities(Optional.empty(), Optional.empty(), Optional.empty());

  /** Checks that nothing is null. */
  public ModelCapabilities {
    Objects.requireNonNull(vision, "vision");
    Objects.requireNonNull(toolUse, "toolUse");
    Objects.requireNonNull(reasoning, "reasoning");
  }

  /**
   * How a model can reason. These are the words of LM Studio's own API: {@code reasoning_effort} of
   * the OpenAI endpoints has others, and refuses {@code on} and {@code off}.
   *
   * @param options such as {@code off}, {@code on}, {@code low}
   * @param byDefault what is done if nothing is asked for
   */
  public record Reasoning(List<String> options, Optional<String> byDefault) {
    /** Checks that nothing is null, and copies the collections. */
    public Reasoning {
      options = List.copyOf(options);
      Objects.requireNonNull(byDefault, "byDefault");
    }
  }
}
