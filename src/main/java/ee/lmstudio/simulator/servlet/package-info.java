/**
 * The simulator inside the WAR, at {@code /simulator}. Start with {@link
 * ee.lmstudio.simulator.servlet.SimulatorServlet}.
 *
 * <p>A servlet and no JAX-RS resource: Jersey holds back the first 8 KiB and the head of an answer,
 * and writes a stack trace to the log for each client that leaves. Imports the JDK, the servlet
 * API, CDI for the settings it is given, and {@link ee.lmstudio.simulator}.
 */
package ee.lmstudio.simulator.servlet;
