package ee.lmstudio.sdk.error;

/** This LM Studio is older than 0.2.18. Update it. */
public final class UnsupportedVersionException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public UnsupportedVersionException(String message, String hint, Throwable cause) {
    super("unsupported_version", message, hint, cause);
  }
}
