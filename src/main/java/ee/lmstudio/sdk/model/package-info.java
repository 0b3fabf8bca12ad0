/**
 * Requests and answers, with one public record for each kind of JSON object. Start with {@link
 * ee.lmstudio.sdk.model.ChatRequest} and {@link ee.lmstudio.sdk.model.Completion}. The records are
 * immutable and checked on construction. Fields that the SDK does not know are kept and passed on.
 */
package ee.lmstudio.sdk.model;
