package ee.lmstudio.sdk.model;

import java.util.Locale;

/**
 * How long a model thinks before it answers, as far as it can be told. LM Studio's own model list
 * speaks of {@code off} and {@code on}, but its server takes these words only.
 */
public enum ReasoningEffort {
  /** Not at all: the off switch. */
  NONE,
  /** Hardly at all. */
  MINIMAL,
  /** Shortly. */
  LOW,
  /** As most questions need. */
  MEDIUM,
  /** Long. */
  HIGH,
  /** The most. */
  XHIGH;

  /** {@return the name that it has in LM Studio's JSON} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
