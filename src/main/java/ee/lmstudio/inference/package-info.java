/**
 * Running generations. START HERE: {@link ee.lmstudio.inference.InferenceService} begins one,
 * {@link ee.lmstudio.inference.StreamLog} holds what it brings, and every listener reads that log
 * through a {@link ee.lmstudio.inference.StreamCursor} of its own.
 *
 * <p>The reader of LM Studio's stream appends and never waits for anybody. Imports {@code sdk},
 * {@code telemetry} and {@code config}.
 */
package ee.lmstudio.inference;
