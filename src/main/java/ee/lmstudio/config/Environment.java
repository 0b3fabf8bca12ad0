package ee.lmstudio.config;

/** Where the server runs; decides how strict it is. */
public enum Environment {
  /** One person's own machine: a token is made up if none is set, the simulator may be used. */
  LOCAL,
  STAGING,
  PRODUCTION
}
