/**
 * Reads the body of {@code POST infer}: first as JSON within bounds, then field by field against
 * one table. Start with {@link ee.lmstudio.rest.infer.InferBody}.
 */
package ee.lmstudio.rest.infer;
