/**
 * The HTTP contract below {@code /api/v1/ai/lmstudio}: resources, thin. Start with {@link
 * ee.lmstudio.rest.InferResource}; how a token gets to a browser is in {@link
 * ee.lmstudio.rest.stream.EventStreamResponse}.
 */
package ee.lmstudio.rest;
