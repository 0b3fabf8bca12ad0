/**
 * An LM Studio that needs no model. It turns a request into timed frames. Start with {@link
 * ee.lmstudio.simulator.Simulator}.
 *
 * <p>No class of this package waits, reads a clock or starts a thread; the adapters below it send
 * the frames. Imports the JDK and JSON-P, nothing else of this project.
 */
package ee.lmstudio.simulator;
