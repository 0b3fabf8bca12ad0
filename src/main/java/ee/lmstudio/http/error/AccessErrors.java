package ee.lmstudio.http.error;

import java.time.Duration;
import java.util.Locale;

/** The errors of requests that are refused before the application sees them. */
public final class AccessErrors {
  private AccessErrors() {}

  /** Returns the error for a part of the request that cannot be decoded. */
  public static ApiError undecodable(String what) {
    return ApiError.of(
        ErrorCode.MALFORMED_REQUEST,
        what,
        "Percent-encode every byte that is not a plain character, as UTF-8: %C3%A4 for \u00e4.");
  }

  /** Returns the error for a request with both {@code Content-Length} and chunks. */
  public static ApiError ambiguousLength() {
    return ApiError.of(
        ErrorCode.MALFORMED_REQUEST,
        "The request has both Content-Length and Transfer-Encoding, so it is not clear where its"
            + " body ends.",
        "Send only one of the two headers.");
  }

  /** Returns the error for a host name that is not a name of this server. */
  public static ApiError foreignHost(String name) {
    return ApiError.of(
        ErrorCode.MISDIRECTED_REQUEST,
        "This server does not answer requests for the host name '" + name + "'.",
        "If this is a name of the server, the operator allows it with"
            + " LM_STUDIO_ALLOWED_SERVER_NAMES="
            + name
            + ".");
  }

  /** Returns the error for a request without a token and without a session. */
  public static ApiError notSignedIn() {
    return ApiError.of(
        ErrorCode.UNAUTHENTICATED,
        "You are not signed in.",
        "Send 'Authorization: Bearer <access token>' or 'x-api-key: <access token>', or sign in at"
            + " /login.");
  }

  /** Returns the error for a token that is not valid. */
  public static ApiError wrongToken() {
    return ApiError.of(
        ErrorCode.UNAUTHENTICATED,
        "The access token is not valid.",
        "Send one of the tokens in lm-studio.access-tokens.");
  }

  /** Returns the error for a client that tried too many wrong tokens. */
  public static ApiError tooManyFailures(Duration wait) {
    return ApiError.of(
            ErrorCode.RATE_LIMITED,
            "Too many sign-ins from your address failed (limit 10 a minute).",
            "Wait a minute, then sign in with a valid token.")
        .withRetryAfter(wait);
  }

  /** Returns the error for a request that another web site made a browser send. */
  public static ApiError foreignOrigin() {
    return ApiError.of(
        ErrorCode.FORBIDDEN,
        "The request does not come from a page of this server.",
        "Send it from a page of this server, or with an access token instead of the session.");
  }

  /** Returns the error for a call that only admins may make. */
  public static ApiError adminsOnly() {
    return ApiError.of(
        ErrorCode.FORBIDDEN,
        "Only admins may load, unload and download models.",
        "Use an access token whose entry in lm-studio.access-tokens ends with :admin.");
  }

  /** Returns the error for a call while the API is switched off. */
  public static ApiError switchedOff() {
    return ApiError.of(
        ErrorCode.FEATURE_DISABLED,
        "The API is switched off.",
        "Ask the operator to set FEATURES_LMSTUDIO_ENABLED=true.");
  }

  /** Returns the error for a call before the server is ready. */
  public static ApiError notReady() {
    return ApiError.of(
            ErrorCode.OVERLOADED,
            "The server is starting or stopping.",
            "Try again in a second. /health/ready answers 200 when the server is ready.")
        .withRetryAfter(Duration.ofSeconds(1));
  }

  /**
   * Returns the error for a request that needs a feature that is switched off.
   *
   * @param feature {@code AUDIO} or {@code IMAGES}
   */
  public static ApiError featureOff(String feature) {
    return ApiError.of(
            ErrorCode.FEATURE_DISABLED,
            "This server does not offer " + feature.toLowerCase(Locale.ROOT) + ".",
            "Ask the operator to set LM_STUDIO_ENABLE_" + feature + "=true.")
        .withStatus(403);
  }

  /** Returns the error for a call while no access token is configured. */
  public static ApiError notConfigured() {
    return ApiError.of(
        ErrorCode.NOT_CONFIGURED,
        "No access token is configured, so nobody can use this server.",
        "The operator sets LM_STUDIO_ACCESS_TOKENS=name:token[:admin].");
  }

  /** Returns the error for a path at which there is nothing. */
  public static ApiError nothingThere() {
    return ApiError.of(
        ErrorCode.NOT_FOUND,
        "There is no resource at this path.",
        "Compare the path with the OpenAPI document at /openapi.");
  }

  /** Returns the error for a method that a path does not allow. */
  public static ApiError methodNotAllowed(String method, String allowed) {
    return ApiError.of(
        ErrorCode.METHOD_NOT_ALLOWED,
        "This path does not allow the method " + method + ".",
        "Use one of these methods: " + allowed + ".");
  }

  /** Returns the error for a request that continues a page which this server does not know. */
  public static ApiError unknownPageState() {
    return ApiError.of(
        ErrorCode.MALFORMED_REQUEST,
        "The page that sent this request has expired, or the request names a state of the page"
            + " that this server does not know.",
        "Open the page again.");
  }

  /** Returns the error for a form that is too long. */
  public static ApiError tooLarge(long bytes, int limit) {
    return ApiError.of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "The body has " + bytes + " bytes (limit " + limit + ").",
        "Send a shorter form.");
  }
}
