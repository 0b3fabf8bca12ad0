package ee.lmstudio.sdk.model;

import java.util.Locale;

/**
 * How long a model thinks before it answers, as far as it can be told. LM Studio's own model list
 * speaks of {@code off} and {@code on}, but its server takes these words only.
 */
public enum ReasoningEffort {
  /** Not at all: the off switch. */
  NONE,
  MINIMAL,
  LOW,
  MEDIUM,
  HIGH,
  /** The most. */
  XHIGH;

  /** As LM Studio's JSON has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
