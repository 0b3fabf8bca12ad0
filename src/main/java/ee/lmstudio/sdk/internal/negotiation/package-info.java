/**
 * How one answer is got: at most two streams, then one plain call. Start with {@link
 * ee.lmstudio.sdk.internal.negotiation.GenerationCall}.
 */
package ee.lmstudio.sdk.internal.negotiation;
