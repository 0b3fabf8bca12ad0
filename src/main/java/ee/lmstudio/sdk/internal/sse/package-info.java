/**
 * Server-sent events over the JAX-RS client: a parser from bytes to events, and a source that reads
 * the stream of one POST. Start with {@link ee.lmstudio.sdk.internal.sse.PostEventSource}. This
 * package knows nothing of LM Studio.
 */
package ee.lmstudio.sdk.internal.sse;
