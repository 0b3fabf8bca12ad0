/**
 * One HTTP exchange with LM Studio over the JAX-RS client: connect, post once, time limits, cancel,
 * and what an error answer means. Start with {@link ee.lmstudio.sdk.internal.http.HttpTransport}.
 */
package ee.lmstudio.sdk.internal.http;
