package ee.lmstudio.config;

/** Where the server runs. It decides which settings are refused. */
public enum Environment {
  /**
   * A machine that only one person uses. If no access token is set, the server creates one. The
   * simulator and unverified TLS are allowed.
   */
  LOCAL,
  STAGING,
  PRODUCTION
}
