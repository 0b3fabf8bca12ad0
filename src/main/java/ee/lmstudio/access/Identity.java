package ee.lmstudio.access;

import ee.lmstudio.http.error.ApiError;

/** As whom a request comes. */
sealed interface Identity {

  /** Nobody in particular. */
  record Anonymous() implements Identity {}

  /** By an access token in the request itself; no other site can make a browser send that. */
  record ByToken(Caller caller) implements Identity {}

  /** By the cookie of a session. */
  record BySession(Caller caller) implements Identity {}

  /** With a token that is wrong, or was not looked at. */
  record Refused(ApiError error) implements Identity {}
}
