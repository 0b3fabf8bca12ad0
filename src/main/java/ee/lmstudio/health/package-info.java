/**
 * The MicroProfile Health checks behind {@code /health/*}. Start with {@link
 * ee.lmstudio.health.LmStudioReadiness}. The checks report status and reason only, because anybody
 * may request them. {@link ee.lmstudio.health.WarmUp} is one of them: it warms the server before
 * the server reports ready.
 */
package ee.lmstudio.health;
