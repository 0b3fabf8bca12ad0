/**
 * This server's own HTTP API below {@code /api/v1/ai/lmstudio}. Start with {@link
 * ee.lmstudio.http.api.InferResource}, which begins a generation; {@link
 * ee.lmstudio.http.api.InferBody} reads and checks its request body.
 */
package ee.lmstudio.http.api;
