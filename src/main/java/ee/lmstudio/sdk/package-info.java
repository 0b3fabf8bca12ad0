/**
 * START HERE: the SDK's contract and settings, and the types that observe and cancel a stream.
 *
 * <p>The SDK works with and without a container: this package and the packages below it use no CDI
 * and read no configuration.
 */
package ee.lmstudio.sdk;
