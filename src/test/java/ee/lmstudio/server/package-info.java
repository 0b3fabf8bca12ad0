/**
 * Starts a real Payara Micro for integration tests. START HERE: {@link
 * ee.lmstudio.server.PayaraServer}, and {@link ee.lmstudio.server.SharedServer} for tests that can
 * share one.
 *
 * <p>Imports JUnit, Arquillian and ShrinkWrap, and nothing of the product.
 */
package ee.lmstudio.server;
