package ee.lmstudio.sdk.capability;

import java.util.Locale;

/** Says whether a server has a {@link Capability}. */
public enum Support {
  /** The server has the capability. */
  YES,
  /** The server does not have the capability: a call fails without being sent. */
  NO,
  /**
   * It is not known whether the server has the capability: a call is sent, and its answer shows it.
   */
  UNKNOWN;

  /** {@return the name for programs: {@code yes}, {@code no} or {@code unknown}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
