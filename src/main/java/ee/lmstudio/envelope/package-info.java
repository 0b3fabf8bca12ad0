/**
 * How answers look: the envelope, its error codes, request ids, and error answers for each kind of
 * path. Start with {@link ee.lmstudio.envelope.Envelope} and {@link
 * ee.lmstudio.envelope.ErrorCode}. Imports the JDK, JSON-P and the servlet API only.
 */
package ee.lmstudio.envelope;
