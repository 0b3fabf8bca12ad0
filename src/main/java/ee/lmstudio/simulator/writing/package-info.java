/**
 * What the simulator says: readable text that follows from the question and a seed. Start with
 * {@link ee.lmstudio.simulator.writing.Author}. Imports the JDK and JSON-P only.
 */
package ee.lmstudio.simulator.writing;
