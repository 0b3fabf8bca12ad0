/**
 * Who may do what: host names, sign-in, sessions, cross-site requests, security headers. Start with
 * {@link ee.lmstudio.access.AccessFilter}, through which every request goes. Resources learn who
 * calls from the request's principal, a {@link ee.lmstudio.access.Caller}. Imports {@code
 * ee.lmstudio.config} and {@code ee.lmstudio.http.error}.
 */
package ee.lmstudio.access;
