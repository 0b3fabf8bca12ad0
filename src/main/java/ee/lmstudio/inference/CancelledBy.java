package ee.lmstudio.inference;

import java.util.Locale;

/** Who ended a stream before its end. */
public enum CancelledBy {
  /** Somebody who may: the owner or an admin. */
  CLIENT,
  /** The caller of a waiting call left, or nobody listened for the whole grace. */
  LISTENER_GONE,
  /** The server stops. */
  SHUTDOWN;

  /** As the HTTP contract writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
