/**
 * Detects LM Studio's version and capabilities once for all calls, and refuses calls that the
 * server cannot answer. Start with {@link ee.lmstudio.sdk.internal.detection.Gates}.
 */
package ee.lmstudio.sdk.internal.detection;
