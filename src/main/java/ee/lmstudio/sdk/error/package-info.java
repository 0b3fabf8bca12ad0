/**
 * What can go wrong, one type a remedy. Start with {@link ee.lmstudio.sdk.error.LmStudioException}.
 * Imports nothing of this project.
 */
package ee.lmstudio.sdk.error;
