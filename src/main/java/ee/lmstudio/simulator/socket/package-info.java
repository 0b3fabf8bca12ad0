/**
 * The simulator on a plain socket, for tests, with scripts that say what goes wrong and where.
 * Start with {@link ee.lmstudio.simulator.socket.SocketSimulator}.
 *
 * <p>A request comes in through {@code Connection}, {@code Exchanges} chooses the answer, {@code
 * AnswerPlayer} sends it: all that goes out passes there. Imports the JDK and {@link
 * ee.lmstudio.simulator}.
 */
package ee.lmstudio.simulator.socket;
