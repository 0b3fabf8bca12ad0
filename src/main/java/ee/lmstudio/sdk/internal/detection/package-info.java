/**
 * Finds out which LM Studio is there, once for all calls, and lets calls pass that it can answer.
 * Start with {@link ee.lmstudio.sdk.internal.detection.Gates}.
 */
package ee.lmstudio.sdk.internal.detection;
