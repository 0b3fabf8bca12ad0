import { systemClock } from '../clock.js';
import { eventSourceTransport } from './event-source-transport.js';
import { fetchTransport } from './fetch-transport.js';
import { pollingTransport } from './polling-transport.js';

/**
 * @import { Client, StreamState } from '../client.js'
 * @import { Clock } from '../clock.js'
 *
 * @typedef {{type: string, data: string}} RawEvent
 *
 * @typedef {{events: RawEvent[]}|{state: StreamState}} Piece either the next events, or the whole state of the stream
 *
 * @typedef {object} ReadRequest
 * @property {string} streamId
 * @property {number} cursor the last entry that the reader has
 * @property {AbortSignal} signal
 * @property {() => void} onHeard called whenever something has arrived, even if it is only a comment
 * @property {(ms: number) => void} onRetry called with the reconnection time that the stream asks for
 *
 * @typedef {object} Transport one way to read a stream. Its `read` ends when the connection does, and throws an error of the
 *   SDK if there is none
 * @property {'fetch'|'event-source'|'polling'} name
 * @property {(request: ReadRequest) => AsyncGenerator<Piece>} read
 *
 * @typedef {object} Transports
 * @property {Transport} stream
 * @property {Transport} polling
 * @property {boolean} heldBack true once a proxy was seen to hold streams back. From then on, streams are polled
 */

/**
 * Returns the transports that work here: `fetch` where it can read a body piece by piece, `EventSource` elsewhere, and
 * polling for proxies that hold streams back.
 *
 * @param {Client} client
 * @param {object} [options]
 * @param {Clock} [options.clock]
 * @param {'fetch'|'event-source'|'polling'} [options.prefer] uses this transport, whatever the browser can
 * @param {typeof globalThis.EventSource} [options.EventSource]
 * @returns {Transports}
 */
export function createTransports(client, { clock = systemClock, prefer, EventSource = globalThis.EventSource } = {}) {
  const canStream = typeof ReadableStream === 'function' && typeof Response === 'function' && 'body' in Response.prototype;
  const name = prefer ?? (canStream ? 'fetch' : 'event-source');
  const polling = pollingTransport(client, { clock });
  const stream = name === 'event-source' && EventSource ? eventSourceTransport(client, { EventSource }) : fetchTransport(client);
  return { stream, polling, heldBack: name === 'polling' || (name === 'event-source' && !EventSource) };
}
