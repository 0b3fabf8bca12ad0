package ee.lmstudio.http;

/** The form in which a route answers errors. */
public enum ErrorDialect {
  /** Our JSON envelope, for API clients. */
  ENVELOPE,
  /** OpenAI's error object, for OpenAI clients. */
  OPENAI,
  /** A plain HTML page, for people. */
  PAGE
}
