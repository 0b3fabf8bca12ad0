/**
 * What {@code /health/*} says: MicroProfile Health checks. Start with {@link
 * ee.lmstudio.health.LmStudioReadiness}. They tell status and reason only, since anybody may ask.
 * Imports {@code ee.lmstudio.config} and {@code ee.lmstudio.sdk}.
 */
package ee.lmstudio.health;
