import { NetworkError } from '../errors.js';
import { SseParser } from './sse-parser.js';

/**
 * @import { Client } from '../client.js'
 * @import { Transport } from './transports.js'
 */

/** Reads the event stream with `fetch`. @param {Client} client @returns {Transport} */
export function fetchTransport(client) {
  return {
    name: 'fetch',
    async *read({ streamId, cursor, signal, onHeard, onRetry }) {
      const response = await client.events(streamId, { cursor, signal });
      if (response.status === 204 || !response.body) {
        yield { state: await client.streamState(streamId, { signal }) };
        return;
      }
      yield { events: [] };
      const reader = response.body.getReader();
      const parser = new SseParser();
      try {
        for (;;) {
          const { done, value } = await next(reader, signal);
          if (done) return;
          onHeard();
          const events = parser.push(value);
          if (parser.retryMs !== null) onRetry(parser.retryMs);
          if (events.length > 0) yield { events };
        }
      } finally {
        // Rejects if the connection is broken, which the reader knows already.
        reader.cancel().catch(() => {});
      }
    },
  };
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader @param {AbortSignal} signal */
async function next(reader, signal) {
  try {
    return await reader.read();
  } catch (cause) {
    throw signal.aborted ? signal.reason : new NetworkError('The connection broke.', { cause });
  }
}
