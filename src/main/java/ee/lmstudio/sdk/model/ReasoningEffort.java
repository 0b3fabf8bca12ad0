package ee.lmstudio.sdk.model;

import java.util.Locale;

/**
 * Says how much a model reasons before it answers, if the model supports a choice. LM Studio's
 * model list has the values {@code off} and {@code on}, but its server accepts only these values.
 */
public enum ReasoningEffort {
  /** The model does not reason. */
  NONE,
  /** The model reasons as little as possible. */
  MINIMAL,
  /** The model reasons briefly. */
  LOW,
  /** The model reasons as much as most questions need. */
  MEDIUM,
  /** The model reasons for a long time. */
  HIGH,
  /** The model reasons as much as possible. */
  XHIGH;

  /** {@return the value in LM Studio's JSON} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
