/**
 * The operations that do not chat: embeddings, audio, images. One class each; start with {@link
 * ee.lmstudio.sdk.internal.operations.EmbeddingCall}. What they send and read goes through {@link
 * ee.lmstudio.sdk.internal.http.Upstream}.
 */
package ee.lmstudio.sdk.internal.operations;
