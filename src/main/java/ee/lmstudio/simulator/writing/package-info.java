/**
 * Creates the texts of the simulator from the question and a seed. Start with {@link
 * ee.lmstudio.simulator.writing.Author}. Imports the JDK and JSON-P only.
 */
package ee.lmstudio.simulator.writing;
