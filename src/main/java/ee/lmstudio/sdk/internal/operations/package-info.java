/**
 * The operations other than chats and completions: embeddings, audio and images, with one class for
 * each. Start with {@link ee.lmstudio.sdk.internal.operations.EmbeddingCall}. All requests go
 * through {@link ee.lmstudio.sdk.internal.http.Upstream}.
 */
package ee.lmstudio.sdk.internal.operations;
