/**
 * The main class of the packaged server: {@link ee.lmstudio.server.launcher.Serve} starts Payara
 * Micro and ends the process if the application does not deploy. Not part of the WAR.
 *
 * <p>Imports the JDK and Payara Micro's boot API only.
 */
package ee.lmstudio.server.launcher;
