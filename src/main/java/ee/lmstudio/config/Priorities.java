package ee.lmstudio.config;

/** In which order things start with the application; the lower comes first. */
public final class Priorities {
  /** The server's own address. */
  public static final int ADDRESS = 10;

  /** The check of all settings. */
  public static final int SETTINGS = 20;

  /** Everything that relies on checked settings. */
  public static final int SERVICES = 1000;

  /** What must come after all of these. */
  public static final int LAST = 10_000;

  private Priorities() {}
}
