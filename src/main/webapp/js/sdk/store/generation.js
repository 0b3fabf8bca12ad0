import { pause, systemClock } from '../clock.js';
import { ApiError, LmStudioError, NetworkError, OfflineError, isRetryable } from '../errors.js';
import { backoff } from '../stream/backoff.js';
import { StreamReading } from '../stream/reading.js';
import { atom, until } from './atom.js';
import { isBusy, statusAtRest, statusAtom, statusOf } from './status.js';
import { applyState, failureOf, newTurn } from './turn.js';

/**
 * @import { Client, InferRequest, Started } from '../client.js'
 * @import { Clock } from '../clock.js'
 * @import { Slots } from '../stream/slots.js'
 * @import { RawEvent, Transports } from '../stream/transports.js'
 * @import { ReadableAtom } from './atom.js'
 * @import { Status } from './status.js'
 * @import { Turn } from './turn.js'
 *
 * @typedef {object} Environment what all generations of a page share
 * @property {Client} client
 * @property {Clock} [clock]
 * @property {() => boolean} [isOnline] whether the device has a network; it only chooses between the statuses `reconnecting`
 *   and `offline`, because a server on this device can be reached without a network
 * @property {Transports} [transports]
 * @property {Slots} [slots]
 * @property {() => number} [random]
 *
 * @typedef {object} GenerationEvents
 * @property {(request: InferRequest) => void} [onRequest] called when the request is sent
 * @property {(event: RawEvent) => void} [onEvent] called with every event, as it was received
 */

/**
 * How often a request that gets no response is sent. If each attempt fails at once, they take about 20 s together. If each one
 * waits for the limit of a call (30 s), they take about 170 s.
 */
const START_TRIES = 5;
/** How often a cancel is sent: all attempts fit into the minute after which the server cancels the stream by itself. */
const CANCEL_TRIES = 5;

const NOBODY_WAITS = new NetworkError('The answer was stopped or detached.');

/**
 * One answer while it is created: sends the request, reads the stream, and cancels it. Its actions may be called at any time
 * and have no effect if there is nothing to do. {@link Generation#detach} leaves the generation running on the server,
 * {@link Generation#stop} cancels it.
 */
export class Generation {
  #client;
  #clock;
  #isOnline;
  #environment;
  #events;
  #turn;
  #status;
  #retryAt = atom(/** @type {number|null} */ (null));
  /** Aborted by `stop` and `detach`. @type {AbortController|null} */
  #run = null;
  /** @type {StreamReading|null} */
  #reading = null;
  #endPause = () => {};
  /** Whether a request with a key got no answer, so that the server may have accepted it. */
  #unanswered = false;

  /** @param {Environment & {turn?: Turn, events?: GenerationEvents}} options turn is the answer so far; default a new one */
  constructor({ turn = newTurn(), events = {}, ...environment }) {
    const { client, clock = systemClock, isOnline = () => true } = environment;
    this.#client = client;
    this.#clock = clock;
    this.#isOnline = isOnline;
    this.#environment = environment;
    this.#events = events;
    this.#turn = atom(turn);
    this.#status = statusAtom(statusAtRest(turn));
  }

  /** The answer so far. @returns {ReadableAtom<Turn>} */
  get turn() {
    return this.#turn;
  }

  /** What is happening to the answer. @returns {ReadableAtom<Status>} */
  get status() {
    return this.#status;
  }

  /** When the next attempt to connect begins, in epoch milliseconds; null if none is due. @returns {ReadableAtom<number|null>} */
  get retryAt() {
    return this.#retryAt;
  }

  /**
   * Sends the request and reads the answer to its end. A request with a key is repeated if it gets no response, because
   * the server generates only once for a key.
   *
   * @param {InferRequest} request
   * @param {{key?: string}} [options]
   * @returns {Promise<void>} resolves when the answer has ended, or `stop` or `detach` was called
   */
  async start(request, { key } = {}) {
    if (this.#status.get() !== 'idle' || this.#turn.get().streamId !== null) return;
    const run = this.#begin('connecting');
    const accepted = await this.#post(request, key, run.signal);
    if (accepted) this.#accept(accepted);
    if (!run.signal.aborted) {
      if (accepted) await this.#read(run);
    } else if (this.#turn.get().outcome === 'cancelled' && (accepted || this.#unanswered)) {
      // The answer was stopped while the request was being sent. Its id is known only now, or when the server is asked again.
      await this.#deliverCancel(() => this.#client.infer(request, { key }));
    }
  }

  /** Continues reading after `turn.cursor`. */
  async resume() {
    const turn = this.#turn.get();
    if (isBusy(this.#status.get()) || !canResume(turn)) return;
    this.#turn.set({ ...turn, error: null });
    await this.#read(this.#begin('connecting'));
  }

  /** Sets the status to `cancelled`, then sends the cancel request. */
  async stop() {
    if (!this.#run) return;
    this.#leave();
    const turn = this.#turn.get();
    this.#turn.set({ ...turn, outcome: 'cancelled', cancelledBy: 'client', progress: null });
    this.#retryAt.set(null);
    this.#status.set('cancelled');
    if (turn.streamId !== null) await this.#deliverCancel();
  }

  /** Stops reading, and leaves the answer running on the server. The status becomes `idle`, and `resume` continues reading. */
  detach() {
    if (!this.#run) return;
    this.#leave();
    this.#retryAt.set(null);
    this.#status.set(statusAtRest(this.#turn.get()));
  }

  /** Connects at once if the next attempt is due later. Call it when the network is back or the page becomes visible. */
  wake() {
    this.#endPause();
    this.#reading?.wake();
  }

  /** @param {Status} status */
  #begin(status) {
    const run = (this.#run = new AbortController());
    this.#status.set(status);
    return run;
  }

  #leave() {
    this.#reading?.detach();
    this.#reading = null;
    this.#run?.abort(NOBODY_WAITS);
    this.#run = null;
  }

  /** @param {InferRequest} request @param {string|undefined} key @param {AbortSignal} signal @returns {Promise<Started|null>} null if there is none */
  async #post(request, key, signal) {
    for (let attempt = 1; ; attempt++) {
      if (this.#client.offline.get()) {
        this.#status.set('offline');
        await until(this.#client.offline, (off) => !off, signal);
        if (signal.aborted) return null;
        this.#status.set('connecting');
      }
      try {
        this.#events.onRequest?.(request);
        return await this.#client.infer(request, key === undefined ? {} : { key });
      } catch (error) {
        this.#unanswered = key !== undefined && (this.#unanswered || gotNoAnswer(error));
        if (signal.aborted) return null;
        if (error instanceof OfflineError) continue;
        if (key === undefined || attempt === START_TRIES || !gotNoAnswer(error)) {
          this.#fail(error);
          return null;
        }
        await this.#pause(attempt, signal);
        if (signal.aborted) return null;
        this.#retryAt.set(null);
        this.#status.set('connecting');
      }
    }
  }

  /** @param {number} attempt @param {AbortSignal} signal */
  async #pause(attempt, signal) {
    const ms = backoff({ attempt, random: this.#environment.random });
    const woken = new AbortController();
    this.#endPause = () => woken.abort();
    this.#waiting(this.#clock.now() + ms);
    // A pause that ends early is not a failure: the caller looks at the signal.
    await pause(this.#clock, ms, AbortSignal.any([signal, woken.signal])).catch(() => {});
    this.#endPause = () => {};
  }

  /** @param {number|null} retryAt null while the offline switch is on */
  #waiting(retryAt) {
    this.#retryAt.set(retryAt);
    this.#status.set(retryAt !== null && this.#isOnline() ? 'reconnecting' : 'offline');
  }

  /** @param {AbortController} run */
  async #read(run) {
    const reading = (this.#reading = new StreamReading({
      ...this.#environment,
      turn: this.#turn.get(),
      onTurn: (turn) => this.#show(turn),
      onConnected: () => this.#show(this.#turn.get()),
      onPause: (retryAt) => this.#waiting(retryAt),
      onEvent: this.#events.onEvent,
    }));
    const turn = await reading.done;
    if (this.#run !== run) return;
    this.#reading = null;
    this.#run = null;
    this.#show(turn);
  }

  /** @param {Turn} turn */
  #show(turn) {
    this.#turn.set(turn);
    this.#retryAt.set(null);
    this.#status.set(statusOf(turn));
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!(error instanceof LmStudioError)) throw error;
    const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : null;
    const retryAt = retryAfterMs === null ? null : this.#clock.now() + retryAfterMs;
    this.#run = null;
    this.#show({ ...this.#turn.get(), outcome: 'failed', error: { ...failureOf(error), retryAt } });
  }

  /** @param {Started} accepted */
  #accept({ stream_id: streamId }) {
    this.#turn.set({ ...this.#turn.get(), streamId });
  }

  /** @param {() => Promise<Started>} [find] repeats the request, if the id of the stream is not known */
  async #deliverCancel(find) {
    for (let attempt = 1; ; attempt++) {
      try {
        await until(this.#client.offline, (off) => !off);
        if (find && this.#turn.get().streamId === null) this.#accept(await find());
        const state = await this.#client.cancel(/** @type {string} */ (this.#turn.get().streamId));
        const turn = applyState(this.#turn.get(), state, this.#clock.now());
        this.#turn.set({ ...turn, outcome: turn.outcome ?? 'cancelled' });
        if (this.#status.get() === 'cancelled') this.#status.set(statusOf(this.#turn.get()));
        return;
      } catch (error) {
        if (error instanceof OfflineError) continue;
        if (error instanceof ApiError && error.status === 404) return;
        if (!(error instanceof LmStudioError)) throw error;
        if (!isRetryable(error) || attempt === CANCEL_TRIES) {
          this.#turn.set({ ...this.#turn.get(), error: { code: 'stop_not_delivered', message: error.message } });
          return;
        }
        await new Promise((resolve) => this.#clock.after(backoff({ attempt }), () => resolve(undefined)));
      }
    }
  }
}

/** Returns whether the server may have more of this answer. @param {Turn} turn */
export function canResume({ streamId, outcome }) {
  return streamId !== null && outcome === null;
}

/** Returns whether there was no response of our server, so that the request may or may not have arrived. @param {unknown} error */
function gotNoAnswer(error) {
  return error instanceof NetworkError || (error instanceof ApiError && error.foreign && isRetryable(error));
}
