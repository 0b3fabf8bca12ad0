/**
 * Decides who may use this server: access tokens, sessions, failed sign-ins, host names, and
 * whether a browser's request comes from a page of this server. This package depends neither on
 * servlets nor on error answers; {@code ee.lmstudio.http.filter} turns its results into answers.
 * Start with {@link ee.lmstudio.access.Authentication}, which finds the {@link
 * ee.lmstudio.access.Caller} of a request. Imports {@code ee.lmstudio.config} and {@code
 * ee.lmstudio.sdk}.
 */
package ee.lmstudio.access;
