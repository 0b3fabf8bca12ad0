import { systemClock } from '../clock.js';
import { ApiError, LmStudioError, NetworkError, OfflineError, ProtocolError, isRetryable } from '../errors.js';
import { until } from '../store/atom.js';
import { applyEvent, applyState, failureOf, isRunning } from '../store/turn.js';
import { backoff } from './backoff.js';
import { unlimitedSlots } from './slots.js';
import { createTransports } from './transports.js';

/**
 * @import { Client } from '../client.js'
 * @import { Clock } from '../clock.js'
 * @import { EventPayload, Turn } from '../store/turn.js'
 * @import { Slots } from './slots.js'
 * @import { RawEvent, Transport, Transports } from './transports.js'
 *
 * @typedef {object} ReadingOptions
 * @property {Client} client
 * @property {Turn} turn has a stream id; reading starts after its cursor
 * @property {(turn: Turn) => void} onTurn called after every piece that changed the turn
 * @property {() => void} [onConnected] called when the server has accepted the connection
 * @property {(retryAt: number|null) => void} [onPause] called when the connection is lost, with the time of the next attempt
 *   in epoch milliseconds; null while the offline switch is on
 * @property {(event: RawEvent) => void} [onEvent] called with every new event, as it was received
 * @property {Transports} [transports]
 * @property {Slots} [slots]
 * @property {Clock} [clock]
 * @property {() => number} [random]
 */

/** The server sends a comment after 10 s of silence. If three are missing, the connection is considered dead. */
const SILENCE_LIMIT_MS = 30_000;
/** If the silence is longer than this, a keep-alive is missing: the page asks whether a proxy holds the stream back. */
const DOUBTFUL_SILENCE_MS = 12_000;
/** The server begins every stream with bytes, so a stream without one for this long is probably held back by a proxy. */
const FIRST_BYTE_MS = 5000;
/** How much longer a silent stream may take than the response to the request for its state. */
const BENEFIT_OF_DOUBT_MS = 2000;
/** The maximum number of attempts in a row without an entry. They take about ten minutes, the retention of a stream. */
const MAX_TRIES = 60;
const MAX_PROTOCOL_TRIES = 3;
const RETRY_RANGE_MS = { min: 100, max: 30_000 };

/** The reasons of this class for ending a connection. None of them is a failure of the server. */
const DETACHED = new NetworkError('The page stopped reading.');
const SWITCHED_OFF = new OfflineError('The offline switch is on.');
const HELD_BACK = new NetworkError('A proxy holds the stream back.');
const SLEPT = new NetworkError('The connection was silent while the page slept.');

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
  #onEvent;
  #offline;
  #transports;
  #slots;
  #retryMs = 1000;
  #detached = false;
  #heardAt = 0;
  #heardAnything = false;
  /** @type {AbortController|null} the one connection in flight */
  #connection = null;
  /** @type {(() => void)|null} gives back the slot of the connection */
  #slot = null;
  #disarmWatchdog = () => {};
  /** @type {(() => void)|null} */
  #endPause = null;

  /** Resolves to the last turn. It has an outcome if the stream ended, and an error but no outcome if reading failed.
   * @type {Promise<Turn>} */
  done;

  /** @param {ReadingOptions} options */
  constructor({
    client, turn, onTurn, onConnected = () => {}, onPause = () => {}, onEvent = () => {},
    clock = systemClock, transports = createTransports(client, { clock }), slots = unlimitedSlots, random = Math.random,
  }) {
    this.#client = client;
    this.#turn = turn;
    this.#onTurn = onTurn;
    this.#onConnected = onConnected;
    this.#onPause = onPause;
    this.#onEvent = onEvent;
    this.#offline = client.offline;
    this.#transports = transports;
    this.#slots = slots;
    this.#clock = clock;
    this.#random = random;
    const unsubscribe = client.offline.subscribe((off) => {
      if (off) this.#connection?.abort(SWITCHED_OFF);
    });
    this.done = this.#run().finally(() => {
      unsubscribe();
      this.#freeSlot();
    });
  }

  /** Stops reading and leaves the generation running. No callback is called after this. */
  detach() {
    this.#detached = true;
    this.#connection?.abort(DETACHED);
    this.#endPause?.();
  }

  /** Reconnects at once instead of waiting. Call it when the network is back or the page becomes visible. */
  wake() {
    this.#endPause?.();
    if (this.#clock.now() - this.#heardAt > DOUBTFUL_SILENCE_MS) {
      this.#connection?.abort(SLEPT);
    }
  }

  async #run() {
    let tries = 0;
    while (!this.#over()) {
      if (this.#offline.get()) {
        await this.#waitForSwitch();
        continue;
      }
      const cursor = this.#turn.cursor;
      const error = await this.#readOnce();
      if (this.#over()) break;
      if (error === null || error === HELD_BACK || error === SLEPT || error instanceof OfflineError) continue;
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

  /** @returns {Promise<LmStudioError|null>} why the connection ended; null if it only makes room for a better one */
  async #readOnce() {
    this.#slot ??= this.#transports.heldBack ? null : await this.#slots();
    const transport = this.#slot ? this.#transports.stream : this.#transports.polling;
    const connection = (this.#connection = new AbortController());
    this.#heardAnything = false;
    this.#heard(transport);
    try {
      if (this.#over()) return DETACHED;
      if (this.#offline.get()) return SWITCHED_OFF;
      return await this.#consume(transport, connection.signal);
    } catch (error) {
      if (error instanceof LmStudioError) return error;
      throw error;
    } finally {
      this.#disarmWatchdog();
      this.#connection = null;
      // The question whether a proxy holds the stream back may still be waiting for its answer.
      connection.abort(DETACHED);
      // A slot that was taken while polling is for the next connection.
      if (transport !== this.#transports.polling) this.#freeSlot();
    }
  }

  /** @param {Transport} transport @param {AbortSignal} signal */
  async #consume(transport, signal) {
    const onHeard = () => {
      this.#heardAnything = true;
      this.#heard(transport);
    };
    const onRetry = (/** @type {number} */ ms) => (this.#retryMs = clamp(ms, RETRY_RANGE_MS));
    let connected = false;
    for await (const piece of transport.read({ streamId: this.#streamId(), cursor: this.#turn.cursor, signal, onHeard, onRetry })) {
      if (!connected && !this.#detached) this.#onConnected();
      connected = true;
      const before = this.#turn;
      try {
        if ('state' in piece) this.#replaceBy(piece.state);
        else for (const event of piece.events) await this.#accept(event, signal);
      } finally {
        if (this.#turn !== before) this.#publish();
      }
      if (this.#turn.outcome !== null) return null;
      if (transport === this.#transports.polling && !this.#transports.heldBack && (this.#slot = await this.#slots())) return null;
    }
    return new NetworkError('The connection ended before the stream did.');
  }

  /** @param {RawEvent} event @param {AbortSignal} signal */
  async #accept(event, signal) {
    const payload = parsePayload(event, this.#streamId());
    if (payload.cursor <= this.#turn.cursor) return;
    if (event.type !== 'snapshot' && payload.cursor > this.#turn.cursor + 1) {
      this.#replaceBy(await this.#client.streamState(this.#streamId(), { signal }));
      if (payload.cursor <= this.#turn.cursor) return;
      if (payload.cursor > this.#turn.cursor + 1) throw new ProtocolError(`The entries before ${payload.cursor} are missing.`);
    }
    if (!this.#detached) this.#onEvent(event);
    this.#turn = event.type === 'snapshot'
      ? applyState(this.#turn, /** @type {any} */ (payload), this.#clock.now())
      : applyEvent(this.#turn, event.type, payload, this.#clock.now());
  }

  /** @param {import('../client.js').StreamState} state */
  #replaceBy(state) {
    if (state.cursor < this.#turn.cursor) {
      throw new ProtocolError(`The state of the server ends at entry ${state.cursor}, but entry ${this.#turn.cursor} was already received.`);
    }
    const unchanged = state.cursor === this.#turn.cursor && isRunning(state);
    if (!unchanged) this.#turn = applyState(this.#turn, state, this.#clock.now());
  }

  #publish() {
    if (!this.#detached) this.#onTurn(this.#turn);
  }

  #streamId() {
    if (this.#turn.streamId === null) throw new TypeError('A turn without a stream id cannot be read.');
    return this.#turn.streamId;
  }

  #freeSlot() {
    this.#slot?.();
    this.#slot = null;
  }

  /** Called whenever something has arrived, and when a connection begins. @param {Transport} transport */
  #heard(transport) {
    this.#heardAt = this.#clock.now();
    this.#disarmWatchdog();
    const doubtMs = this.#heardAnything ? DOUBTFUL_SILENCE_MS : FIRST_BYTE_MS;
    this.#disarmWatchdog = this.#clock.after(doubtMs, () => {
      this.#disarmWatchdog = this.#clock.after(SILENCE_LIMIT_MS - doubtMs, () =>
        this.#connection?.abort(new NetworkError(`The server sent nothing for ${SILENCE_LIMIT_MS / 1000} s.`)));
      if (transport !== this.#transports.polling && this.#connection) void this.#probe(this.#connection, this.#heardAt);
    });
  }

  /**
   * Finds out whether a proxy holds the stream back: the server has entries that the silent connection does not deliver.
   *
   * @param {AbortController} connection @param {number} heardAt
   */
  async #probe(connection, heardAt) {
    const silent = () => this.#connection === connection && this.#heardAt === heardAt;
    try {
      const state = await this.#client.streamState(this.#streamId(), { signal: connection.signal });
      if (!silent() || (this.#heardAnything && state.cursor <= this.#turn.cursor)) return;
    } catch (error) {
      // The connection that is being watched will fail with the same cause.
      if (error instanceof LmStudioError) return;
      throw error;
    }
    this.#clock.after(BENEFIT_OF_DOUBT_MS, () => {
      if (!silent()) return;
      this.#transports.heldBack = true;
      connection.abort(HELD_BACK);
    });
  }

  /** @param {LmStudioError} error */
  #giveUp(error) {
    // A stream that the server does not have any more has failed. After any other error it can still be resumed.
    const outcome = error.code === 'stream_not_found' ? /** @type {const} */ ('failed') : null;
    this.#turn = { ...this.#turn, outcome, progress: null, error: failureOf(error) };
    this.#publish();
  }

  async #waitForSwitch() {
    this.#onPause(null);
    const detached = new AbortController();
    this.#endPause = () => {
      if (this.#detached) detached.abort();
    };
    await until(this.#offline, (off) => !off, detached.signal);
    this.#endPause = null;
  }

  /** @param {number} attempt @param {number|null} retryAfterMs */
  async #pause(attempt, retryAfterMs) {
    const ms = backoff({ attempt, baseMs: this.#retryMs, retryAfterMs, random: this.#random });
    const over = new AbortController();
    const takeBack = this.#clock.after(ms, () => over.abort());
    this.#endPause = () => over.abort();
    this.#onPause(this.#clock.now() + ms);
    await until(this.#offline, (off) => off, over.signal);
    this.#endPause = null;
    takeBack();
  }
}

/** @param {RawEvent} event @param {string} streamId @returns {EventPayload} */
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
