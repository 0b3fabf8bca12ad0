/**
 * Writes a log as server-sent events: entries become bytes, and bytes go to the client. Start with
 * {@link ee.lmstudio.http.events.EventStreamResponse}.
 */
package ee.lmstudio.http.events;
