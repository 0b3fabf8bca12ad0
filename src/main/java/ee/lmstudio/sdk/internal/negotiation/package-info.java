/**
 * Gets one answer: by at most two streams, then by one plain call. {@link
 * ee.lmstudio.sdk.internal.negotiation.GenerationCall} decides, {@code Attempt} reads one answer,
 * and {@code StreamReader} turns events into chunks.
 */
package ee.lmstudio.sdk.internal.negotiation;
