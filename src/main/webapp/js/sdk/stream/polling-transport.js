import { pause } from '../clock.js';

/**
 * @import { Client } from '../client.js'
 * @import { Clock } from '../clock.js'
 * @import { Transport } from './transports.js'
 */

const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 3000;

/**
 * Requests the state of the stream again and again. Each response has the whole text, so the pauses grow while nothing
 * changes. The server counts a page that asks as a listener.
 *
 * @param {Client} client
 * @param {{clock: Clock}} options
 * @returns {Transport}
 */
export function pollingTransport(client, { clock }) {
  return {
    name: 'polling',
    async *read({ streamId, cursor, signal, onHeard }) {
      let known = cursor;
      let ms = SHORTEST_PAUSE_MS;
      for (;;) {
        const state = await client.streamState(streamId, { signal });
        onHeard();
        yield { state };
        ms = state.cursor > known ? SHORTEST_PAUSE_MS : Math.min(ms * 1.5, LONGEST_PAUSE_MS);
        known = state.cursor;
        await pause(clock, ms, signal);
      }
    },
  };
}
