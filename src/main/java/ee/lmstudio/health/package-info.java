/**
 * The MicroProfile Health checks behind {@code /health/*}. Start with {@link
 * ee.lmstudio.health.LmStudioReadiness}. The checks report status and reason only, because anybody
 * may request them. Imports {@code http}, {@code upstreams} and {@code config}.
 */
package ee.lmstudio.health;
