package ee.lmstudio.sdk.error;

/**
 * Thrown if this version of LM Studio does not offer the endpoint, or if the settings switch the
 * feature off. Use another version, or enable the feature.
 */
public final class FeatureUnavailableException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public FeatureUnavailableException(String message, String hint, Throwable cause) {
    super("feature_unavailable", message, hint, cause);
  }
}
