/**
 * Error answers: codes, the envelope, OpenAI's error object, request ids, and the table that maps
 * the SDK's exceptions. Start with {@link ee.lmstudio.http.error.ErrorCode} and {@link
 * ee.lmstudio.http.error.ErrorTable}. {@link ee.lmstudio.http.error.ErrorAnswer} writes an error in
 * the error format of its route. Imports {@code ee.lmstudio.config}, {@code ee.lmstudio.http},
 * {@code ee.lmstudio.stream} and {@code ee.lmstudio.sdk}.
 */
package ee.lmstudio.http.error;
