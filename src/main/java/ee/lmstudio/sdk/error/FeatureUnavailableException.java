package ee.lmstudio.sdk.error;

/** This LM Studio does not offer the endpoint. Use a version that does. */
public final class FeatureUnavailableException extends PermanentException {

  public FeatureUnavailableException(String message, String hint, Throwable cause) {
    super("feature_unavailable", message, hint, cause);
  }
}
