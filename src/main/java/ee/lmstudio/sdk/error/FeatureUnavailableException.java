package ee.lmstudio.sdk.error;

/** This LM Studio does not offer the endpoint. Use a version that does. */
public final class FeatureUnavailableException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public FeatureUnavailableException(String message, String hint, Throwable cause) {
    super("feature_unavailable", message, hint, cause);
  }
}
