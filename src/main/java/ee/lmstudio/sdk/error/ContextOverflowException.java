package ee.lmstudio.sdk.error;

import java.util.OptionalInt;

/**
 * Thrown if the prompt and the answer do not fit the context length that the model was loaded with.
 * Shorten the chat, ask for fewer tokens, or load the model with a longer context: the loaded
 * length can be far below the model's maximum.
 */
public final class ContextOverflowException extends PermanentException {
  /** Number of prompt tokens that had to be kept; null if LM Studio does not say. */
  private final Integer tokens;

  /** Context length that the model was loaded with, in tokens; null if LM Studio does not say. */
  private final Integer limit;

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param tokens number of prompt tokens that had to be kept; empty if LM Studio does not say
   * @param limit context length of the loaded model in tokens; empty if LM Studio does not say
   */
  public ContextOverflowException(
      String message, String hint, OptionalInt tokens, OptionalInt limit) {
    super("context_overflow", message, hint, null);
    this.tokens = tokens.isPresent() ? tokens.getAsInt() : null;
    this.limit = limit.isPresent() ? limit.getAsInt() : null;
  }

  /** {@return the number of prompt tokens that had to be kept; empty if LM Studio does not say} */
  public OptionalInt tokens() {
    return tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens);
  }

  /**
   * {@return the context length that the model was loaded with, in tokens; empty if LM Studio does
   * not say}
   */
  public OptionalInt limit() {
    return limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
  }
}
