/**
 * The OpenAI door: the API below {@code /v1} for clients that were written for OpenAI. Start with
 * {@link ee.lmstudio.http.openai.OpenAiGenerations}, which starts a generation; {@link
 * ee.lmstudio.http.openai.OpenAiChunks} says which chunks a stream has in OpenAI's format.
 */
package ee.lmstudio.http.openai;
