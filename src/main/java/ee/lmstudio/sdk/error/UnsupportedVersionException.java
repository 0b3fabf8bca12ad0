package ee.lmstudio.sdk.error;

/** This LM Studio is older than 0.2.18. Update it. */
public final class UnsupportedVersionException extends PermanentException {

  public UnsupportedVersionException(String message, String hint, Throwable cause) {
    super("unsupported_version", message, hint, cause);
  }
}
