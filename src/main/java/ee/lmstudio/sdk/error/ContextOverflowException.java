package ee.lmstudio.sdk.error;

import java.util.OptionalInt;

/**
 * Prompt and answer do not fit the context that the model was loaded with. Shorten the chat, ask
 * for fewer tokens, or load the model with more context: what it was loaded with can be far below
 * what it could have.
 */
public final class ContextOverflowException extends PermanentException {
  /** Tokens of the prompt that had to be kept; null if LM Studio does not say. */
  private final Integer tokens;

  /** Tokens that the model was loaded for; null if LM Studio does not say. */
  private final Integer limit;

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param tokens how many tokens there were; empty if LM Studio does not say
   * @param limit how many there may be; empty if LM Studio does not say
   */
  public ContextOverflowException(
      String message, String hint, OptionalInt tokens, OptionalInt limit) {
    super("context_overflow", message, hint, null);
    this.tokens = tokens.isPresent() ? tokens.getAsInt() : null;
    this.limit = limit.isPresent() ? limit.getAsInt() : null;
  }

  /** {@return how many tokens of the prompt had to be kept; empty if LM Studio does not say} */
  public OptionalInt tokens() {
    return tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens);
  }

  /** {@return how many tokens the model was loaded for; empty if LM Studio does not say} */
  public OptionalInt limit() {
    return limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
  }
}
