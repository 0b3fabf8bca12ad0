import { backoff } from './backoff.js';
import { systemClock } from './clock.js';
import { ApiError, LmStudioError, isRetryable } from './errors.js';
import { atom, isBusy, statusAtom } from './store.js';
import { StreamReading } from './stream.js';
import { applyState, newTurn } from './turn.js';

/**
 * @import { Client, Message } from './client.js'
 * @import { Clock } from './clock.js'
 * @import { ReadableAtom, Status } from './store.js'
 * @import { Turn } from './turn.js'
 *
 * @typedef {object} Exchange a message of the user and its answer, as plain JSON
 * @property {string} id
 * @property {string|null} prompt null if the answer was requested in another tab or program
 * @property {string|null} model the selected model; null if the server chooses
 * @property {Turn} turn
 *
 * @typedef {object} SessionOptions
 * @property {Client} client
 * @property {Exchange[]} [exchanges] an earlier conversation to continue
 * @property {Clock} [clock]
 * @property {() => boolean} [isOnline]
 * @property {() => string} [newId]
 */

/** How often a cancel is sent: all attempts fit into the minute after which the server cancels the stream by itself. */
const CANCEL_TRIES = 5;

/**
 * One conversation with at most one running answer. Its actions may be called at any time and have no effect if there is
 * nothing to do. {@link Session#detach} leaves a generation running, {@link Session#stop} cancels it.
 */
export class Session {
  #client;
  #clock;
  #isOnline;
  #newId;
  #exchanges;
  #status;
  #retryAt = /** @type {import('./store.js').Atom<number|null>} */ (atom(null));
  /** @type {{exchangeId: string, reading: StreamReading|null}|null} */
  #current = null;

  /** @param {SessionOptions} options */
  constructor({ client, exchanges = [], clock = systemClock, isOnline = () => true, newId = () => crypto.randomUUID() }) {
    this.#client = client;
    this.#clock = clock;
    this.#isOnline = isOnline;
    this.#newId = newId;
    this.#exchanges = atom(exchanges);
    this.#status = statusAtom();
  }

  /** @returns {ReadableAtom<Exchange[]>} */
  get exchanges() {
    return this.#exchanges;
  }

  /** @returns {ReadableAtom<Status>} */
  get status() {
    return this.#status;
  }

  /** When the next attempt to reconnect begins, in epoch milliseconds; null if none is due. @returns {ReadableAtom<number|null>} */
  get retryAt() {
    return this.#retryAt;
  }

  /** @returns {Exchange|undefined} */
  get last() {
    return this.#exchanges.get().at(-1);
  }

  /** @param {string} prompt @param {{model?: string|null}} [options] */
  async send(prompt, { model = null } = {}) {
    if (isBusy(this.#status.get()) || prompt.trim() === '') return;
    const exchange = { id: this.#newId(), prompt, model, turn: newTurn({ modelId: model, sentAt: this.#clock.now() }) };
    this.#exchanges.set([...this.#exchanges.get(), exchange]);
    await this.#start(exchange);
  }

  /** Continues the last answer if the server may still have it, and otherwise asks again. Never adds a message. */
  async retry() {
    const last = this.last;
    if (!last || isBusy(this.#status.get()) || last.turn.outcome === 'completed') return;
    if (canResume(last.turn)) return this.resume();
    if (last.prompt === null) return;
    const exchange = { ...last, turn: newTurn({ modelId: last.model, sentAt: this.#clock.now() }) };
    this.#replace(exchange);
    await this.#start(exchange);
  }

  /** Continues the answer that was running when the page was left. */
  async resume() {
    const last = this.last;
    if (!last || isBusy(this.#status.get()) || last.turn.outcome !== null) return;
    if (canResume(last.turn)) {
      this.#setTurn(last.id, { ...last.turn, error: null });
      this.#status.set('connecting');
      await this.#read(last.id);
    } else if (last.turn.error === null) {
      this.#setTurn(last.id, { ...last.turn, outcome: 'failed', error: START_UNKNOWN });
    }
  }

  /** Follows a stream that was started in another tab or program. @param {string} streamId */
  async follow(streamId) {
    if (isBusy(this.#status.get()) || this.#exchanges.get().some(({ turn }) => turn.streamId === streamId)) return;
    const exchange = { id: this.#newId(), prompt: null, model: null, turn: newTurn({ streamId }) };
    this.#exchanges.set([...this.#exchanges.get(), exchange]);
    this.#status.set('connecting');
    await this.#read(exchange.id);
  }

  /** Cancels the running answer: shows that at once, then tells the server. */
  async stop() {
    const current = this.#current;
    if (!current) return;
    this.#current = null;
    current.reading?.detach();
    const { turn } = this.#exchange(current.exchangeId);
    this.#setTurn(current.exchangeId, { ...turn, outcome: 'cancelled', cancelledBy: 'client', progress: null });
    this.#retryAt.set(null);
    this.#status.set('cancelled');
    if (turn.streamId !== null) await this.#deliverCancel(current.exchangeId, turn.streamId);
  }

  /** Leaves the answer running on the server and stops reading it. */
  detach() {
    this.#current?.reading?.detach();
    this.#current = null;
  }

  /** Reconnects at once if the session is waiting to reconnect. */
  wake() {
    this.#current?.reading?.wake();
  }

  /** Cancels the running answer and deletes the conversation. */
  async clear() {
    const stopped = this.stop();
    this.#exchanges.set([]);
    if (this.#status.get() !== 'idle') this.#status.set('idle');
    await stopped;
  }

  /** @param {Exchange} exchange */
  async #start({ id, model, turn: { sentAt } }) {
    const current = (this.#current = { exchangeId: id, reading: null });
    this.#status.set('connecting');
    try {
      const messages = messagesOf(this.#exchanges.get());
      const accepted = await this.#client.infer({ ...(model ? { model } : {}), messages });
      // The answer was stopped while the request was being sent. Its id is known only now.
      if (this.#current !== current) {
        const stopped = this.#find(id);
        if (stopped?.turn.sentAt === sentAt) this.#setTurn(id, { ...stopped.turn, streamId: accepted.stream_id });
        await this.#deliverCancel(id, accepted.stream_id);
        return;
      }
      this.#setTurn(id, { ...this.#exchange(id).turn, streamId: accepted.stream_id });
    } catch (error) {
      if (this.#current === current) this.#fail(id, error);
      return;
    }
    await this.#read(id);
  }

  /** @param {string} id of the exchange */
  async #read(id) {
    const reading = new StreamReading({
      client: this.#client,
      clock: this.#clock,
      turn: this.#exchange(id).turn,
      onTurn: (turn) => this.#show(id, turn),
      onConnected: () => this.#show(id, this.#exchange(id).turn),
      onPause: (retryAt) => {
        this.#retryAt.set(retryAt);
        this.#status.set(this.#isOnline() ? 'reconnecting' : 'offline');
      },
    });
    this.#current = { exchangeId: id, reading };
    const turn = await reading.done;
    if (this.#current?.reading !== reading) return;
    this.#current = null;
    this.#show(id, turn);
  }

  /** @param {string} id @param {Turn} turn */
  #show(id, turn) {
    this.#setTurn(id, turn);
    this.#retryAt.set(null);
    this.#status.set(statusOf(turn));
  }

  /** @param {string} id @param {unknown} error */
  #fail(id, error) {
    if (!(error instanceof LmStudioError)) throw error;
    const api = error instanceof ApiError ? error : null;
    const retryAfterMs = api?.retryAfterMs ?? null;
    const failure = {
      code: error.code,
      message: error.message,
      hint: error.hint,
      details: api?.details ?? [],
      requestId: api?.requestId ?? null,
      retryAt: retryAfterMs === null ? null : this.#clock.now() + retryAfterMs,
    };
    this.#current = null;
    this.#show(id, { ...this.#exchange(id).turn, outcome: 'failed', error: failure });
  }

  /** @param {string} id @param {string} streamId */
  async #deliverCancel(id, streamId) {
    for (let attempt = 1; ; attempt++) {
      try {
        const state = await this.#client.cancel(streamId);
        const exchange = this.#find(id);
        // A retry may have replaced the turn, or the conversation was deleted.
        if (exchange?.turn.streamId !== streamId) return;
        const turn = applyState(exchange.turn, state);
        this.#setTurn(id, { ...turn, outcome: turn.outcome ?? 'cancelled' });
        if (this.last?.id === id && this.#status.get() === 'cancelled') this.#status.set(statusOf(this.#exchange(id).turn));
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return;
        if (!isRetryable(error) || attempt === CANCEL_TRIES) {
          this.#stopFailed(id, error);
          return;
        }
        await new Promise((resolve) => this.#clock.after(backoff({ attempt }), () => resolve(undefined)));
      }
    }
  }

  /** @param {string} id @param {unknown} error */
  #stopFailed(id, error) {
    if (!(error instanceof LmStudioError)) throw error;
    const exchange = this.#find(id);
    if (exchange) this.#setTurn(id, { ...exchange.turn, error: { code: 'stop_not_delivered', message: error.message } });
  }

  /** @param {string} id */
  #find(id) {
    return this.#exchanges.get().find((exchange) => exchange.id === id);
  }

  /** @param {string} id @returns {Exchange} */
  #exchange(id) {
    const exchange = this.#find(id);
    if (!exchange) throw new Error(`The session has no exchange ${id}.`);
    return exchange;
  }

  /** @param {string} id @param {Turn} turn */
  #setTurn(id, turn) {
    if (this.#exchange(id).turn !== turn) this.#replace({ ...this.#exchange(id), turn });
  }

  /** @param {Exchange} exchange */
  #replace(exchange) {
    this.#exchanges.set(this.#exchanges.get().map((old) => (old.id === exchange.id ? exchange : old)));
  }
}

const START_UNKNOWN = {
  code: 'start_unknown',
  message: 'The page was closed before the server had confirmed the request.',
  hint: 'Choose Retry to send the message again.',
};

/** Returns whether the server may have more of this turn. @param {Turn} turn */
export function canResume(turn) {
  return turn.streamId !== null && turn.outcome === null;
}

/** @param {Turn} turn @returns {Status} */
function statusOf({ outcome, error, text, reasoning }) {
  if (outcome === 'completed') return 'done';
  if (outcome === 'cancelled') return 'cancelled';
  if (outcome === 'failed' || error !== null) return 'failed';
  return text === '' && reasoning === '' ? 'waiting' : 'streaming';
}

/**
 * Returns the messages for the model: every message of the user with its answer. An earlier exchange without an answer is
 * left out, because chat templates require that user and assistant alternate.
 *
 * @param {Exchange[]} exchanges
 * @returns {Message[]}
 */
function messagesOf(exchanges) {
  const now = exchanges.at(-1);
  return exchanges.flatMap((exchange) => {
    const { prompt, turn } = exchange;
    if (prompt === null) return [];
    /** @type {Message} */
    const question = { role: 'user', content: prompt };
    if (exchange === now) return [question];
    return turn.text === '' ? [] : [question, /** @type {Message} */ ({ role: 'assistant', content: turn.text })];
  });
}
