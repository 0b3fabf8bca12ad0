package ee.lmstudio.access;

import java.time.Duration;

/** Says who sent a request. */
public sealed interface Identity {

  /** The request shows no access token and no valid session. */
  record Anonymous() implements Identity {}

  /** The request carries a valid access token, which no other web site can make a browser send. */
  record ByToken(Caller caller) implements Identity {}

  /** The request carries the cookie of a session. */
  record BySession(Caller caller) implements Identity {}

  /** The request carries an access token that is not valid. */
  record WrongToken() implements Identity {}

  /**
   * The token was not accepted, because too many sign-ins from the same address failed.
   *
   * @param retryAfter how long the client has to wait
   */
  record TooManyFailures(Duration retryAfter) implements Identity {}
}
