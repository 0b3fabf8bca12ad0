package ee.lmstudio.stream;

import java.util.Locale;

/** The phase of work that has not produced text yet. */
public enum Phase {
  /** All places are taken: the work waits for its turn. */
  QUEUED,
  /** The connection to LM Studio is being made. */
  CONNECTING,
  /** LM Studio has the request and is loading the model. */
  LOADING_MODEL,
  /** LM Studio is unloading a model. */
  UNLOADING_MODEL,
  /** LM Studio is downloading a model. */
  DOWNLOADING_MODEL,
  /** LM Studio is processing the prompt. */
  PROCESSING_PROMPT;

  /** Returns the name that the HTTP API uses. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
