/**
 * What {@code /health/*} says: MicroProfile Health checks. Start with {@link
 * ee.lmstudio.health.LmStudioReadiness}. They tell status and reason only, since anybody may ask.
 * Imports {@code http}, {@code upstreams} and {@code config}.
 */
package ee.lmstudio.health;
