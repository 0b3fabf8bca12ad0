package ee.lmstudio.sdk.model;

import java.util.Locale;

/**
 * Whether the model may call functions. To have one function called, name it by {@link
 * GenerationOptionsBuilder#toolChoice(String)}.
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
