/**
 * START HERE: the SDK. Contract, settings, and how a streamed answer is observed and cancelled.
 *
 * <p>Works in a container and without: no CDI and no configuration reading in this package or below
 * it.
 */
package ee.lmstudio.sdk;
