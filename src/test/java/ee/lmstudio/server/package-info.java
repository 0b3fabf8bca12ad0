/**
 * Integration tests' way to a real Payara Micro. START HERE: {@link
 * ee.lmstudio.server.PayaraServer}, and {@link ee.lmstudio.server.SharedServer} for tests that can
 * share one.
 *
 * <p>May import JUnit, Arquillian and ShrinkWrap, nothing of the product.
 */
package ee.lmstudio.server;
