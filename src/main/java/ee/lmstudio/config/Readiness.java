package ee.lmstudio.config;

/** What {@code /health/ready} depends on. */
public enum Readiness {
  /** Not ready without LM Studio. */
  UPSTREAM,
  /** Ready without LM Studio, too: the stored model list is served. */
  SELF
}
