/**
 * Creates real sound and picture files from a number and a text. Start with {@link
 * ee.lmstudio.simulator.media.Wave}. Imports the JDK only.
 */
package ee.lmstudio.simulator.media;
