package ee.lmstudio.sdk.model;

import java.util.Locale;

/**
 * Whether the model may want functions called. LM Studio takes these three words only, not OpenAI's
 * object that names a function: to have one function called, offer only that one, {@link
 * #REQUIRED}.
 */
public enum ToolChoice {
  /** It must not. */
  NONE,
  /** As it sees fit. */
  AUTO,
  /** It must. */
  REQUIRED;

  /** {@return the name that it has in LM Studio's JSON} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
