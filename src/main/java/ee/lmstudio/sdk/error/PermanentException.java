package ee.lmstudio.sdk.error;

/**
 * Base type of errors that persist: the same call fails again until the request, the settings or LM
 * Studio are changed.
 */
public abstract sealed class PermanentException extends LmStudioException
    permits AuthenticationException,
        ValidationException,
        ModelNotFoundException,
        ModelNotLoadedException,
        ContextOverflowException,
        FeatureUnavailableException,
        UnsupportedVersionException,
        HostNotAllowedException,
        ProtocolException,
        AnswerTooLargeException,
        CancelledException {

  PermanentException(String code, String message, String hint, Throwable cause) {
    super(code, message, hint, cause);
  }
}
