/**
 * The exceptions of the SDK: one type for each remedy. Start with {@link
 * ee.lmstudio.sdk.error.LmStudioException}. This package depends on no other package of this
 * project.
 */
package ee.lmstudio.sdk.error;
