/**
 * Who may do what: host names, sign-in, sessions, cross-site requests, security headers. Start with
 * {@link ee.lmstudio.security.AccessFilter}, through which every request goes. Resources learn who
 * calls from the request's principal, a {@link ee.lmstudio.security.Caller}. Imports {@code
 * ee.lmstudio.config} and {@code ee.lmstudio.envelope}.
 */
package ee.lmstudio.security;
