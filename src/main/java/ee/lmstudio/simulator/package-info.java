/**
 * An LM Studio that needs no model: a request in, timed frames out. Start with {@link
 * ee.lmstudio.simulator.Simulator}.
 *
 * <p>Nothing in this package waits, reads a clock or starts a thread; the adapters below it play
 * the frames. Imports the JDK and JSON-P, nothing else of this project.
 */
package ee.lmstudio.simulator;
