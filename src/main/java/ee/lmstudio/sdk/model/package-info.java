/**
 * Requests and answers, one public record a JSON object. Start with {@link
 * ee.lmstudio.sdk.model.ChatRequest} and {@link ee.lmstudio.sdk.model.Completion}. Immutable,
 * checked on construction; fields that this project does not know are kept and sent on.
 */
package ee.lmstudio.sdk.model;
