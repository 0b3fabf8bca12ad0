/**
 * HTTP exchanges with LM Studio over the JAX-RS client: connecting, posting once, time limits,
 * cancelling, and mapping error answers. Start with {@link
 * ee.lmstudio.sdk.internal.http.HttpTransport}.
 */
package ee.lmstudio.sdk.internal.http;
