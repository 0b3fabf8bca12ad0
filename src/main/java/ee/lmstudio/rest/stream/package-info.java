/**
 * A log on its way to a listener: entries to bytes, bytes to the browser. Start with {@link
 * ee.lmstudio.rest.stream.EventStreamResponse}.
 */
package ee.lmstudio.rest.stream;
