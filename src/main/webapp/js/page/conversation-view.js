import { element } from './dom.js';
import { ExchangeView } from './exchange-view.js';

/**
 * @import { Exchange } from '../sdk/session.js'
 * @import { Status } from '../sdk/store.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {{exchanges: Exchange[], status: Status, retryAt: number|null, busy: boolean, now: number}} ConversationState
 */

/**
 * The conversation on the page. Finished answers are in the log, which screen readers read aloud. A running answer, or
 * one with a countdown, is outside the log until it is finished, because a live region must not change all the time.
 */
export class ConversationView {
  #log;
  #live;
  #texts;
  #signInAddress;
  #retry;
  /** @type {Map<string, ExchangeView>} */
  #views = new Map();
  /** @type {Map<string, Exchange>} the exchanges on the page that cannot change any more */
  #settled = new Map();

  /**
   * @param {object} options
   * @param {HTMLElement} options.log
   * @param {HTMLElement} options.live
   * @param {Texts} options.texts
   * @param {string} options.signInAddress
   * @param {() => void} options.onRetry
   */
  constructor({ log, live, texts, signInAddress, onRetry }) {
    this.#log = log;
    this.#live = live;
    this.#texts = texts;
    this.#signInAddress = signInAddress;
    this.#retry = element('button', 'retry', texts('retry'));
    this.#retry.type = 'button';
    this.#retry.addEventListener('click', onRetry);
  }

  /** @param {ConversationState} state */
  update({ exchanges, status, retryAt, busy, now }) {
    this.#forget(exchanges);
    const last = exchanges.at(-1);
    for (const exchange of exchanges) {
      const current = exchange === last;
      if (!current && this.#settled.get(exchange.id) === exchange) continue;
      const view = this.#viewOf(exchange);
      view.update(exchange.turn, { now, retryAt, status: current ? status : 'idle', followed: exchange.prompt === null });
      const restless = current && (busy || (exchange.turn.error?.retryAt ?? 0) > now);
      place(view.answer, restless ? this.#live : this.#log);
      if (!current) this.#settled.set(exchange.id, exchange);
    }
    const retryable = last && !busy && last.turn.outcome !== 'completed' && (last.prompt !== null || last.turn.outcome === null);
    if (retryable) place(this.#retry, this.#viewOf(last).answer);
    else this.#retry.remove();
  }

  /** Whether the retry button has the focus. */
  get retryHasFocus() {
    return document.activeElement === this.#retry;
  }

  /** @param {Exchange} exchange */
  #viewOf(exchange) {
    let view = this.#views.get(exchange.id);
    if (!view) {
      view = new ExchangeView(exchange, this.#texts, this.#signInAddress);
      this.#views.set(exchange.id, view);
      if (view.question) this.#log.append(view.question);
    }
    return view;
  }

  /** @param {Exchange[]} exchanges the exchanges of the conversation; the views of all others are removed */
  #forget(exchanges) {
    for (const [id, view] of this.#views) {
      if (exchanges.some((exchange) => exchange.id === id)) continue;
      view.question?.remove();
      view.answer.remove();
      this.#views.delete(id);
      this.#settled.delete(id);
    }
  }
}

/** @param {HTMLElement} node @param {HTMLElement} parent */
function place(node, parent) {
  if (node.parentElement !== parent) parent.append(node);
}
