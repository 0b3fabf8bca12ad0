/**
 * The way into the packaged server: {@link ee.lmstudio.server.launcher.Serve} starts Payara Micro
 * and ends the process if the application does not come up. Not part of the WAR.
 *
 * <p>May import the JDK and Payara Micro's boot API, nothing of the product.
 */
package ee.lmstudio.server.launcher;
