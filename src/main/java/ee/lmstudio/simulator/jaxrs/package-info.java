/**
 * The simulator inside the WAR, at {@code /simulator}. Start with {@link
 * ee.lmstudio.simulator.jaxrs.SimulatorResource}. Imports the JDK, JAX-RS, CDI for the settings it
 * is given, and {@link ee.lmstudio.simulator}.
 */
package ee.lmstudio.simulator.jaxrs;
