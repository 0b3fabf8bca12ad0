package ee.lmstudio.config;

/** What {@code /health/ready} depends on. */
public enum Readiness {
  /** The server is ready only while LM Studio answers. */
  UPSTREAM,
  /** The server is ready whether LM Studio answers or not. */
  SELF
}
