package ee.lmstudio.sdk.model;

import java.util.Locale;

/**
 * Says whether the model may call functions. To require a certain function, name it with {@link
 * GenerationOptionsBuilder#toolChoice(String)}.
 */
public enum ToolChoice {
  /** The model must not call functions. */
  NONE,
  /** The model decides whether to call functions. */
  AUTO,
  /** The model must call a function. */
  REQUIRED;

  /** {@return the value in LM Studio's JSON} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
