package ee.lmstudio.inference;

import java.util.Locale;

/** Who ended a stream before its end. */
public enum CancelledBy {
  /** Somebody who may: the owner or an admin, or the caller of a waiting call who left. */
  CLIENT,
  /** Nobody listened for the whole grace. */
  LISTENER_GONE,
  /** The server stops. */
  SHUTDOWN;

  /** As the HTTP contract writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
