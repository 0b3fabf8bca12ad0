/**
 * The simulator on a plain socket, for tests, with scripts that describe faults. Start with {@link
 * ee.lmstudio.simulator.socket.SocketSimulator}.
 *
 * <p>{@code Connection} receives a request, {@code Exchanges} chooses the answer, and {@code
 * AnswerPlayer} sends it. Imports the JDK and {@link ee.lmstudio.simulator}.
 */
package ee.lmstudio.simulator.socket;
