import { backoff } from './backoff.js';
import { systemClock } from './clock.js';
import { ApiError, LmStudioError, NetworkError, ProtocolError, isRetryable } from './errors.js';
import { SseParser } from './sse-parser.js';
import { applyEvent, applyState } from './turn.js';

/**
 * @import { Client } from './client.js'
 * @import { Clock } from './clock.js'
 * @import { SseEvent } from './sse-parser.js'
 * @import { EventPayload, Turn } from './turn.js'
 *
 * @typedef {object} ReadingOptions
 * @property {Client} client
 * @property {Turn} turn has a stream id; reading starts after its cursor
 * @property {(turn: Turn) => void} onTurn called after every piece that changed the turn
 * @property {() => void} [onConnected] called when the server has accepted the connection
 * @property {(retryAt: number) => void} [onPause] called when the connection is lost, with the time of the next attempt in
 *   epoch milliseconds
 * @property {Clock} [clock]
 * @property {() => number} [random]
 */

/** The server sends a comment after 10 s of silence. If three are missing, the connection is considered dead. */
const SILENCE_LIMIT_MS = 30_000;
/** If the silence is longer than this when the page wakes up, the connection is opened again. */
const DOUBTFUL_SILENCE_MS = 12_000;
/** The maximum number of attempts in a row without an entry. They take about ten minutes, the retention of a stream. */
const MAX_TRIES = 60;
const MAX_PROTOCOL_TRIES = 3;
const RETRY_RANGE_MS = { min: 100, max: 30_000 };

/**
 * Reads one stream to its end, however often the connection breaks. There is one connection at a time, which starts after
 * the last known cursor. Repeated entries are ignored. If entries are missing, the whole state is loaded from the server.
 *
 * {@link StreamReading#detach} does not cancel the generation; `client.cancel` does.
 */
export class StreamReading {
  #client;
  #clock;
  #random;
  #turn;
  #onTurn;
  #onConnected;
  #onPause;
  #retryMs = 1000;
  #detached = false;
  #heardAt = 0;
  /** @type {AbortController|null} the one connection in flight */
  #connection = null;
  /** @type {(() => void)|null} */
  #disarmWatchdog = null;
  /** @type {(() => void)|null} */
  #endPause = null;

  /** Resolves to the last turn. It has an outcome if the stream ended, and an error but no outcome if reading failed.
   * @type {Promise<Turn>} */
  done;

  /** @param {ReadingOptions} options */
  constructor({ client, turn, onTurn, onConnected = () => {}, onPause = () => {}, clock = systemClock, random = Math.random }) {
    this.#client = client;
    this.#turn = turn;
    this.#onTurn = onTurn;
    this.#onConnected = onConnected;
    this.#onPause = onPause;
    this.#clock = clock;
    this.#random = random;
    this.done = this.#run();
  }

  /** Stops reading and leaves the generation running. No callback is called after this. */
  detach() {
    this.#detached = true;
    this.#connection?.abort(new NetworkError('The page stopped reading.'));
    this.#endPause?.();
  }

  /** Reconnects at once instead of waiting. Call it when the network is back or the page becomes visible. */
  wake() {
    this.#endPause?.();
    if (this.#clock.now() - this.#heardAt > DOUBTFUL_SILENCE_MS) {
      this.#connection?.abort(new NetworkError('The connection was silent while the page slept.'));
    }
  }

  async #run() {
    let tries = 0;
    while (!this.#over()) {
      const cursor = this.#turn.cursor;
      const error = await this.#readOnce();
      if (this.#over()) break;
      tries = this.#turn.cursor > cursor ? 1 : tries + 1;
      const limit = error instanceof ProtocolError ? MAX_PROTOCOL_TRIES : MAX_TRIES;
      if (!isRetryable(error) || tries >= limit) {
        this.#giveUp(error);
        break;
      }
      await this.#pause(tries, error instanceof ApiError ? error.retryAfterMs : null);
    }
    return this.#turn;
  }

  #over() {
    return this.#detached || this.#turn.outcome !== null;
  }

  /** @returns {Promise<LmStudioError>} why the connection ended; not meaningful if the stream has ended */
  async #readOnce() {
    const connection = (this.#connection = new AbortController());
    this.#heard();
    try {
      const streamId = this.#streamId();
      const response = await this.#client.events(streamId, { cursor: this.#turn.cursor, signal: connection.signal });
      if (!this.#detached) this.#onConnected();
      if (response.body && response.status !== 204) await this.#consume(response.body, connection.signal);
      else await this.#repair(connection.signal);
      return new NetworkError('The connection ended before the stream did.');
    } catch (error) {
      if (error instanceof LmStudioError) return error;
      throw error;
    } finally {
      this.#disarmWatchdog?.();
      this.#connection = null;
      connection.abort();
    }
  }

  /** @param {ReadableStream<Uint8Array>} body @param {AbortSignal} signal */
  async #consume(body, signal) {
    const reader = body.getReader();
    const parser = new SseParser();
    for (;;) {
      const { done, value } = await read(reader, signal);
      if (done) return;
      this.#heard();
      const before = this.#turn;
      try {
        for (const event of parser.push(value)) await this.#accept(event, signal);
      } finally {
        if (this.#turn !== before) this.#publish();
      }
      if (parser.retryMs !== null) this.#retryMs = clamp(parser.retryMs, RETRY_RANGE_MS);
      if (this.#turn.outcome !== null) return;
    }
  }

  /** @param {SseEvent} event @param {AbortSignal} signal */
  async #accept(event, signal) {
    const payload = parsePayload(event, this.#streamId());
    if (payload.cursor <= this.#turn.cursor) return;
    if (event.type === 'snapshot') {
      this.#turn = applyState(this.#turn, /** @type {any} */ (payload));
      return;
    }
    if (payload.cursor > this.#turn.cursor + 1) {
      await this.#repair(signal);
      if (payload.cursor <= this.#turn.cursor) return;
      if (payload.cursor > this.#turn.cursor + 1) throw new ProtocolError(`The entries before ${payload.cursor} are missing.`);
    }
    this.#turn = applyEvent(this.#turn, event.type, payload, this.#clock.now());
  }

  /** @param {AbortSignal} signal */
  async #repair(signal) {
    const state = await this.#client.streamState(this.#streamId(), { signal });
    if (state.cursor < this.#turn.cursor) {
      throw new ProtocolError(`The state of the server ends at entry ${state.cursor}, but entry ${this.#turn.cursor} was already received.`);
    }
    this.#turn = applyState(this.#turn, state);
    this.#publish();
  }

  #publish() {
    if (!this.#detached) this.#onTurn(this.#turn);
  }

  #streamId() {
    if (this.#turn.streamId === null) throw new TypeError('A turn without a stream id cannot be read.');
    return this.#turn.streamId;
  }

  #heard() {
    this.#heardAt = this.#clock.now();
    this.#disarmWatchdog?.();
    const silent = () => this.#connection?.abort(new NetworkError(`The server sent nothing for ${SILENCE_LIMIT_MS / 1000} s.`));
    this.#disarmWatchdog = this.#clock.after(SILENCE_LIMIT_MS, silent);
  }

  /** @param {LmStudioError} error */
  #giveUp(error) {
    const { code, message, hint } = error;
    const requestId = error instanceof ApiError ? error.requestId : null;
    // A stream that the server does not have any more has failed. After any other error it can still be resumed.
    const outcome = code === 'stream_not_found' ? /** @type {const} */ ('failed') : null;
    this.#turn = { ...this.#turn, outcome, progress: null, error: { code, message, hint, requestId } };
    this.#publish();
  }

  /** @param {number} attempt @param {number|null} retryAfterMs @returns {Promise<void>} */
  #pause(attempt, retryAfterMs) {
    const ms = backoff({ attempt, baseMs: this.#retryMs, retryAfterMs, random: this.#random });
    return new Promise((resolve) => {
      const takeBack = this.#clock.after(ms, () => this.#endPause?.());
      this.#endPause = () => {
        this.#endPause = null;
        takeBack();
        resolve();
      };
      this.#onPause(this.#clock.now() + ms);
    });
  }
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader @param {AbortSignal} signal */
async function read(reader, signal) {
  try {
    return await reader.read();
  } catch (cause) {
    throw signal.aborted ? signal.reason : new NetworkError('The connection broke.', { cause });
  }
}

/** @param {SseEvent} event @param {string} streamId @returns {EventPayload} */
function parsePayload(event, streamId) {
  let payload;
  try {
    payload = JSON.parse(event.data);
  } catch (cause) {
    throw new ProtocolError(`The ${event.type} event is not JSON.`, { cause });
  }
  if (!Number.isSafeInteger(payload?.cursor) || payload.stream_id !== streamId) {
    throw new ProtocolError(`The ${event.type} event does not belong to stream ${streamId}, or has no cursor.`);
  }
  return payload;
}

/** @param {number} value @param {{min: number, max: number}} range */
const clamp = (value, { min, max }) => Math.min(Math.max(value, min), max);
