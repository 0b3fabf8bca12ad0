import { NetworkError } from '../errors.js';

/**
 * @import { Client } from '../client.js'
 * @import { Piece, Transport } from './transports.js'
 */

/** The events of the HTTP API. One of another name leaves a gap in the cursors, which the reader repairs. */
const NAMES = ['started', 'progress', 'delta', 'reset', 'downgraded', 'snapshot', 'completed', 'failed', 'cancelled'];

/**
 * Reads the event stream with `EventSource`. It sends the session cookie, and no access token, so it is for pages only. It
 * reports neither comments nor the status of an error response.
 *
 * @param {Client} client
 * @param {{EventSource: typeof globalThis.EventSource}} options
 * @returns {Transport}
 */
export function eventSourceTransport(client, { EventSource }) {
  return {
    name: 'event-source',
    async *read({ streamId, cursor, signal, onHeard }) {
      const source = new EventSource(client.eventsUrl(streamId, { cursor }), { withCredentials: true });
      /** @type {Piece[]} */
      const pieces = [];
      let over = false;
      let wake = () => {};
      const tell = () => wake();
      source.onopen = () => {
        onHeard();
        pieces.push({ events: [] });
        tell();
      };
      source.onerror = () => {
        over = true;
        // EventSource would reconnect by itself, without the limits of the reader.
        source.close();
        tell();
      };
      for (const type of NAMES) {
        source.addEventListener(type, ({ data }) => {
          onHeard();
          pieces.push({ events: [{ type, data }] });
          tell();
        });
      }
      signal.addEventListener('abort', tell);
      try {
        for (;;) {
          if (signal.aborted) throw signal.reason;
          const piece = pieces.shift();
          if (piece) {
            yield piece;
          } else if (over) {
            // The state tells the end of the stream, or why the server refused: EventSource tells neither.
            yield { state: await client.streamState(streamId, { signal }) };
            throw new NetworkError('The connection ended before the stream did.');
          } else {
            await new Promise((resolve) => (wake = () => resolve(undefined)));
          }
        }
      } finally {
        signal.removeEventListener('abort', tell);
        source.close();
      }
    },
  };
}
