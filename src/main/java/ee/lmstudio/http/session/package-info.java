/**
 * Signing in and out by browser: the session cookie, the link with a token, redirects. Start with
 * {@link ee.lmstudio.http.session.BrowserSignIn}. Imports {@code ee.lmstudio.access}, {@code
 * ee.lmstudio.config}, {@code ee.lmstudio.http} and {@code ee.lmstudio.http.error}.
 */
package ee.lmstudio.http.session;
