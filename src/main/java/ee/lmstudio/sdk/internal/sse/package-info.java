/**
 * Server-sent events over the JAX-RS client: bytes to events, and one POST to one stream. Start
 * with {@link ee.lmstudio.sdk.internal.sse.PostEventSource}. This package knows nothing of LM
 * Studio.
 */
package ee.lmstudio.sdk.internal.sse;
