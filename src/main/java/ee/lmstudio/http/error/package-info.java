/**
 * Error answers: the envelope, its codes, OpenAI's error object, request ids, and the table that
 * maps the SDK's exceptions. Start with {@link ee.lmstudio.http.error.ErrorCode} and {@link
 * ee.lmstudio.http.error.ErrorTable}.
 */
package ee.lmstudio.http.error;
