/**
 * An extension for JUnit 5 that gives the simulator to tests. Start with {@link
 * ee.lmstudio.simulator.junit.LmStudioSimulator}.
 *
 * <p>Only this package needs JUnit, so a project that does not use it needs no JUnit.
 */
package ee.lmstudio.simulator.junit;
