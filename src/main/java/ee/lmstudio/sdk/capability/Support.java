package ee.lmstudio.sdk.capability;

import java.util.Locale;

/** Whether a server has a {@link Capability}. */
public enum Support {
  /** It has. */
  YES,
  /** It has not: a call fails without being sent. */
  NO,
  /** Not known: a call is sent, and its answer tells. */
  UNKNOWN;

  /** {@return its name for programs: {@code yes}, {@code no}, {@code unknown}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
