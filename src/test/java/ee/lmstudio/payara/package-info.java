/**
 * Integration tests' way to a real Payara Micro. START HERE: {@link
 * ee.lmstudio.payara.PayaraServer}, and {@link ee.lmstudio.payara.SharedServer} for tests that can
 * share one.
 *
 * <p>May import JUnit, Arquillian and ShrinkWrap, nothing of the product.
 */
package ee.lmstudio.payara;
