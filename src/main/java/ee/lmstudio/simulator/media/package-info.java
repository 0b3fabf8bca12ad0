/**
 * Sounds and pictures that need no model, real files made from a number and a text. Start with
 * {@link ee.lmstudio.simulator.media.Wave}. Imports the JDK only.
 */
package ee.lmstudio.simulator.media;
