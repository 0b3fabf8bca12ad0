package ee.lmstudio.inference;

import java.util.Locale;

/** What a generation does before its first text. */
public enum Phase {
  /** All places are taken: it waits for its turn. */
  QUEUED,
  /** The connection to LM Studio is being made. */
  CONNECTING,
  /** LM Studio has the request and loads the model. */
  LOADING_MODEL,
  /** LM Studio reads the prompt. */
  PROCESSING_PROMPT;

  /** As the HTTP contract writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
