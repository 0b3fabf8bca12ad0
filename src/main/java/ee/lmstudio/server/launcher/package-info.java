/**
 * The process of the packaged server: {@link ee.lmstudio.server.launcher.Serve}, its main class,
 * starts Payara Micro. Other classes end the process if the start fails or hangs, or if the heap is
 * full, and limit the log. Not part of the WAR.
 *
 * <p>Imports the JDK and Payara Micro's boot API only.
 */
package ee.lmstudio.server.launcher;
