package ee.lmstudio.stream;

import java.util.Locale;

/** What work waits for before its first text. */
public enum Phase {
  /** All places are taken: the work waits for its turn. */
  QUEUED,
  /** The connection to LM Studio is being made. */
  CONNECTING,
  /** LM Studio has the request and is loading the model. */
  LOADING_MODEL,
  /** LM Studio is processing the prompt. */
  PROCESSING_PROMPT;

  /** Returns the name that the HTTP contract uses. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
