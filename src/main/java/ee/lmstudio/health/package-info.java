/**
 * The MicroProfile Health checks behind {@code /health/*}. Start with {@link
 * ee.lmstudio.health.LmStudioReadiness}. The checks report status and reason only, because anybody
 * may request them. Imports {@code ee.lmstudio.config} and {@code ee.lmstudio.sdk}.
 */
package ee.lmstudio.health;
