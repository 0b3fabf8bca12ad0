package ee.lmstudio.config;

/** The order in which observers of the application's start are called. Lower numbers come first. */
public final class Priorities {
  /** {@link ServerAddress} learns the context path. */
  public static final int ADDRESS = 10;

  /** All settings are checked. */
  public static final int SETTINGS = 20;

  /** Services that rely on checked settings start. */
  public static final int SERVICES = 1000;

  /** Observers that must run after all others. */
  public static final int LAST = 10_000;

  private Priorities() {}
}
