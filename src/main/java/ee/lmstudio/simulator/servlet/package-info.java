/**
 * The simulator inside the WAR, at {@code /simulator}. Start with {@link
 * ee.lmstudio.simulator.servlet.SimulatorServlet}.
 *
 * <p>It is a servlet and not a JAX-RS resource, because Jersey holds back the head and the first 8
 * KiB of an answer, and logs a stack trace for each client that disconnects. Imports the JDK, the
 * servlet API, CDI for its settings, and {@link ee.lmstudio.simulator}.
 */
package ee.lmstudio.simulator.servlet;
