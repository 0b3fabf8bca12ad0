/**
 * The only code of the WAR that knows Payara and Grizzly: the port, the connection under a request,
 * an offered upgrade, the check of the settings at start, and the graceful stop. Each class says
 * what it does on another server. Start with {@link ee.lmstudio.server.GracefulStop} and {@link
 * ee.lmstudio.server.StartupCheck}. Imports {@code ee.lmstudio.run} and {@code ee.lmstudio.config}.
 */
package ee.lmstudio.server;
