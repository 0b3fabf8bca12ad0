/**
 * A log on its way to a listener: entries to bytes, bytes to the browser. Start with {@link
 * ee.lmstudio.http.events.EventStreamResponse}.
 */
package ee.lmstudio.http.events;
